"""CacheManager: what a plugin wants to find again, in memory and on disk, for its own eyes only (contract 1.3).

A record is `{"data": value, "timestamp": seconds, "ttl"?: seconds}`; `save_cache` stores a dict without this wrapping.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from display_app.runtime.cache_counts import CacheCounts
from display_app.runtime.cache_store import CacheStore, Entry
from display_app.runtime.cache_strategy import (
    CLOSED_MARKET_FACTOR,
    LIVE_TYPES,
    data_type_of,
    is_market_open,
    live_interval_of,
    sport_of,
    strategy_of,
)
from display_app.runtime.config import ConfigManager

DEFAULT_MAX_AGE = 300
LOAD_MAX_AGE = 3600


class CacheManager:
    """Two tiers: memory gives back the very object that was stored, the disk survives a restart (as JSON: tuples become lists)."""

    def __init__(self, cache_dir: Path, *, config_manager: ConfigManager | None = None, clock: Callable[[], float] = time.time) -> None:
        self.cache_dir = str(cache_dir)
        self.config_manager = config_manager
        self._store = CacheStore(Path(cache_dir) / "entries")
        self._counts = CacheCounts()
        self._clock = clock

    # -- values

    def get(self, key: str, max_age: float | None = DEFAULT_MAX_AGE, memory_ttl: float | None = None) -> Any:
        """Return the value of `key`, None when there is none or it is older than its ttl, or else `max_age` (seconds; None: any age)."""
        record = self.get_cached_data(key, max_age, memory_ttl)
        return record["data"] if isinstance(record, dict) and "data" in record else record

    def set(self, key: str, data: Any, ttl: float | None = None, *, max_age: float | None = None) -> None:
        """Keep `data`, for `ttl` seconds when given; `max_age` is another name for `ttl`."""
        record: dict[str, Any] = {"data": data, "timestamp": self._clock()}
        lifetime = max_age if ttl is None else ttl
        if lifetime is not None:
            record["ttl"] = lifetime
        self._store.write(key, record, stored_at=record["timestamp"])

    def delete(self, key: str) -> None:
        """Forget one value. ValueError when `key` is not a text or empty."""
        if not isinstance(key, str) or not key:
            raise ValueError("A cache key is a text that is not empty")
        self._store.remove(key)

    def clear_cache(self, key: str | None = None) -> None:
        """Forget one value, or everything of this plugin when no key is given."""
        if key is None:
            self._store.clear()
        else:
            self.delete(key)

    def has_in_memory(self, key: str) -> bool:
        """Tell whether this object itself has stored or read `key` lately, fresh or not; costs nothing."""
        return self._store.has_in_memory(key)

    # -- records, by the older names

    def get_cached_data(self, key: str, max_age: float | None = DEFAULT_MAX_AGE, memory_ttl: float | None = None) -> Any:
        """Return the stored record itself, None when there is none or it is too old."""
        entry = self._store.read(key)
        return entry["record"] if entry is not None and self._is_fresh(entry, max_age) else None

    def save_cache(self, key: str, data: Any) -> None:
        """Keep a dict as it is, without wrapping; `get` returns its "data" when it has one."""
        self._store.write(key, data, stored_at=self._clock())

    def update_cache(self, key: str, data: Any) -> None:
        """Keep `data`, as `set` does."""
        self.set(key, data)

    def load_cache(self, key: str) -> Any:
        """Return the stored record when it is at most an hour old."""
        return self.get_cached_data(key, LOAD_MAX_AGE)

    def has_data_changed(self, data_type: str, new_data: Any) -> bool:
        """Tell whether `new_data` differs from what was kept under `data_type` within the last hour."""
        record = self.load_cache(data_type)
        known = record.get("data", record) if isinstance(record, dict) else record
        return record is None or known != new_data

    # -- values whose age depends on what they are

    def get_cached_data_with_strategy(self, key: str, data_type: str = "default") -> Any:
        """Return the value of `key` when it is fresh for its kind of data; prices may be four times as old while the market is closed."""
        strategy = self.get_cache_strategy(data_type, sport_of(key) if data_type in LIVE_TYPES else None)
        is_off = strategy["market_hours_only"] and not is_market_open(self._clock())
        return self.get(key, strategy["max_age"] * (CLOSED_MARKET_FACTOR if is_off else 1), strategy["memory_ttl"])

    def get_with_auto_strategy(self, key: str) -> Any:
        """Return the value of `key` when it is fresh for the kind of data that the key speaks of."""
        return self.get_cached_data_with_strategy(key, data_type_of(key))

    def get_cache_strategy(self, data_type: str, sport_key: str | None = None) -> dict[str, Any]:
        """Return `max_age` and `memory_ttl` in seconds of a kind of data, of a sport when given."""
        return strategy_of(data_type, sport=sport_key, config=self._config())

    def get_data_type_from_key(self, key: str) -> str:
        """Return the kind of data that a key speaks of."""
        return data_type_of(key)

    def get_sport_live_interval(self, sport_key: str) -> float:
        """Return the seconds between updates of a sport's live games."""
        return live_interval_of(sport_key, self._config())

    def generate_sport_cache_key(self, sport: str, date_str: str | None = None) -> str:
        """Return `<sport>_<YYYYMMDD>`, of today (UTC) when no date is given."""
        return f"{sport}_{date_str or datetime.fromtimestamp(self._clock(), UTC).strftime('%Y%m%d')}"

    # -- what the background fetcher left

    def get_background_cached_data(self, key: str, sport_key: str | None = None) -> Any:
        """Return the value of `key` when it is fresh for the kind of data that the key speaks of, and count hit or miss."""
        value = self.get(key, self.get_cache_strategy(data_type_of(key), sport_key)["max_age"])
        if value:
            self.record_cache_hit("background")
            return value
        self.record_cache_miss("background")
        return None

    def is_background_data_available(self, key: str, sport_key: str | None = None) -> bool:
        """Tell whether there is a record of `key` that is fresh for its kind of data."""
        return self.get_cached_data(key, self.get_cache_strategy(data_type_of(key), sport_key)["max_age"]) is not None

    # -- facts about the cache

    def get_cache_dir(self) -> str:
        """Return the folder in which a plugin may keep files of its own."""
        return self.cache_dir

    def list_cache_files(self) -> list[dict[str, Any]]:
        """Return `key`, `filename`, `path`, `age_seconds`, `size_bytes` and `modified_time` of what lies on the disk, newest first."""
        found = []
        for path, entry in self._store.entries():
            age = max(0.0, self._clock() - entry["stored_at"])
            facts = {"age_seconds": age, "size_bytes": path.stat().st_size, "modified_time": entry["stored_at"]}
            found.append({"key": entry["key"], "filename": path.name, "path": str(path), **facts})
        return sorted(found, key=lambda file: file["modified_time"], reverse=True)

    def record_cache_hit(self, cache_type: str = "regular") -> None:
        """Count an answer out of the cache."""
        self._counts.hit(cache_type)

    def record_cache_miss(self, cache_type: str = "regular") -> None:
        """Count a question that the cache could not answer."""
        self._counts.miss(cache_type)

    def record_fetch_time(self, duration: float) -> None:
        """Count a fetch that took `duration` seconds."""
        self._counts.fetched(duration)

    def get_cache_metrics(self) -> dict[str, Any]:
        """Return what was counted: requests, shares of hits, time spent fetching."""
        return self._counts.summary()

    # -- inside

    def _is_fresh(self, entry: Entry, max_age: float | None) -> bool:
        record = entry["record"]
        ttl = record.get("ttl") if isinstance(record, dict) else None
        limit = ttl if _is_lifetime(ttl) else max_age
        return limit is None or self._clock() - entry["stored_at"] <= limit

    def _config(self) -> dict[str, Any]:
        return self.config_manager.config if self.config_manager is not None else {}


def _is_lifetime(ttl: object) -> bool:
    return isinstance(ttl, (int, float)) and not isinstance(ttl, bool) and ttl >= 0
