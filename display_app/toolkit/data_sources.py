"""ESPNDataSource: games, schedules and standings of a league; empty when ESPN does not answer (contract 1.13)."""

from __future__ import annotations

from datetime import date
from typing import Any

import requests

from display_app.toolkit.http import ESPN_SITE, USER_AGENT, get_json, new_session

TIMEOUT = 15.0


class ESPNDataSource:
    """Asks ESPN's public web service; `sport` and `league` are its names, as in `football` and `nfl`."""

    def __init__(self, logger: Any) -> None:
        self.logger = logger
        self.base_url = ESPN_SITE
        self.session = new_session(retries=1)

    def get_headers(self) -> dict[str, str]:
        """Return the headers that requests carry."""
        return {"User-Agent": USER_AGENT, "Accept": "application/json"}

    def fetch_live_games(self, sport: str, league: str) -> list[dict[str, Any]]:
        """Return the events that are being played now."""
        events = self._events(sport, league, {})
        return [event for event in events if _state_of(event) == "in"]

    def fetch_schedule(self, sport: str, league: str, date_range: tuple[date, date]) -> list[dict[str, Any]]:
        """Return the events from the first day to the last."""
        start, end = date_range
        return self._events(sport, league, {"dates": f"{start:%Y%m%d}-{end:%Y%m%d}", "limit": 1000})

    def fetch_standings(self, sport: str, league: str) -> dict[str, Any]:
        """Return the standings as ESPN gives them."""
        answer = self._get(f"{sport}/{league}/standings", {})
        return answer if isinstance(answer, dict) else {}

    def _events(self, sport: str, league: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self._get(f"{sport}/{league}/scoreboard", params)
        events = answer.get("events") if isinstance(answer, dict) else None
        return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []

    def _get(self, path: str, params: dict[str, Any]) -> Any:
        try:
            return get_json(self.session, f"{self.base_url}/{path}", timeout=TIMEOUT, params=params)
        except requests.RequestException as error:
            self.logger.error("No answer from ESPN for %s: %s", path, error)
            return None


def _state_of(event: dict[str, Any]) -> Any:
    try:
        return event["status"]["type"]["state"]
    except (LookupError, TypeError):
        return None
