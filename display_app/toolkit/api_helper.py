"""APIHelper: JSON from web services, cached and not faster than one request a second (contract 1.11)."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

import requests

from display_app.toolkit.http import ESPN_SITE, new_session

DEFAULT_INTERVAL = 1.0


class APIHelper:
    """Fetches JSON; what goes wrong is logged and the answer is None. `session` is the `requests.Session` in use."""

    def __init__(self, cache_manager: Any = None, default_timeout: float = 30, max_retries: int = 3, logger: Any = None) -> None:
        self.cache_manager = cache_manager
        self.default_timeout = default_timeout
        self.max_retries = max_retries
        self.logger = logger or logging.getLogger(__name__)
        self.session = new_session(retries=max_retries)
        self._interval = DEFAULT_INTERVAL
        self._next_request = 0.0
        self._lock = threading.Lock()
        self._stats = {"requests": 0, "failures": 0, "cache_hits": 0}

    def get(
        self,
        url: str,
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        timeout: float | None = None,
        cache_key: str | None = None,
        cache_ttl: float = 3600,
    ) -> Any:
        """Return the parsed answer, from the cache when `cache_key` is given and the entry is at most `cache_ttl` seconds old."""
        cached = self.get_cache(cache_key, cache_ttl) if cache_key else None
        if cached is not None:
            self._stats["cache_hits"] += 1
            return cached
        answer = self._request("GET", url, params=params, headers=headers, timeout=timeout)
        if answer is not None and cache_key:
            self.set_cache(cache_key, answer, cache_ttl)
        return answer

    def post(
        self, url: str, data: Any = None, json_data: Any = None, headers: dict[str, str] | None = None, timeout: float | None = None
    ) -> Any:
        """Send a form (`data`) or JSON (`json_data`) and return the parsed answer."""
        return self._request("POST", url, data=data, json=json_data, headers=headers, timeout=timeout)

    def fetch_espn_scoreboard(self, sport: str, league: str, date: str | None = None, cache_ttl: float = 300) -> Any:
        """Return ESPN's scoreboard of a league, of one day (`YYYYMMDD`) when given."""
        params = {"dates": date} if date else None
        url = f"{ESPN_SITE}/{sport}/{league}/scoreboard"
        return self.get(url, params=params, cache_key=f"espn_scoreboard_{sport}_{league}_{date or 'now'}", cache_ttl=cache_ttl)

    def fetch_espn_standings(self, sport: str, league: str, cache_ttl: float = 3600) -> Any:
        """Return ESPN's standings of a league."""
        return self.get(f"{ESPN_SITE}/{sport}/{league}/standings", cache_key=f"espn_standings_{sport}_{league}", cache_ttl=cache_ttl)

    def fetch_espn_rankings(self, sport: str, league: str, cache_ttl: float = 3600) -> Any:
        """Return ESPN's rankings of a league."""
        return self.get(f"{ESPN_SITE}/{sport}/{league}/rankings", cache_key=f"espn_rankings_{sport}_{league}", cache_ttl=cache_ttl)

    def set_cache(self, key: str, data: Any, ttl: float = 3600) -> None:
        """Keep `data` for `ttl` seconds, when there is a cache."""
        if self.cache_manager is not None:
            self.cache_manager.set(key, data, ttl=ttl)

    def get_cache(self, key: str, max_age: float = 3600) -> Any:
        """Return what the cache has under `key`, None without a cache."""
        return None if self.cache_manager is None else self.cache_manager.get(key, max_age=max_age)

    def clear_cache(self, key: str | None = None) -> None:
        """Forget one entry, or all of the plugin's."""
        if self.cache_manager is not None:
            self.cache_manager.clear_cache(key)

    def set_rate_limit(self, seconds: float) -> None:
        """Set the least time between two requests."""
        self._interval = max(0.0, seconds)

    def get_request_stats(self) -> dict[str, int]:
        """Return how many requests were made, failed, and were answered by the cache."""
        return dict(self._stats)

    def _request(self, method: str, url: str, *, timeout: float | None, **details: Any) -> Any:
        self._wait_for_turn()
        self._stats["requests"] += 1
        try:
            response = self.session.request(method, url, timeout=timeout or self.default_timeout, **details)
            response.raise_for_status()
            return response.json()
        except requests.RequestException as error:
            self._stats["failures"] += 1
            self.logger.warning("No answer from %s: %s", url, error)
            return None

    def _wait_for_turn(self) -> None:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next_request)
            self._next_request = turn + self._interval
        time.sleep(turn - now)
