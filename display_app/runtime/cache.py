"""CacheManager: what a plugin wants to find again, in memory and on disk, for its own eyes only (contract 1.3).

A record is `{"data": value, "timestamp": seconds, "ttl"?: seconds}`; `save_cache` stores a dict without this wrapping.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from display_app.runtime.cache_strategy import data_type_of, max_age_of
from display_app.runtime.config import ConfigManager

logger = logging.getLogger(__name__)

DEFAULT_MAX_AGE = 300
LOAD_MAX_AGE = 3600
IN_MEMORY = 256


class CacheManager:
    """Two tiers: memory gives back the very object that was stored, the disk survives a restart (as JSON: tuples become lists)."""

    def __init__(self, cache_dir: Path, *, config_manager: ConfigManager | None = None, clock: Callable[[], float] = time.time) -> None:
        self.cache_dir = str(cache_dir)
        self.config_manager = config_manager
        self._entries = Path(cache_dir) / "entries"
        self._clock = clock
        self._memory: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._lock = threading.RLock()

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
        self._store(key, record, stored_at=record["timestamp"])

    def delete(self, key: str) -> None:
        """Forget one value. ValueError when `key` is not a text or empty."""
        _check_key(key)
        with self._lock:
            self._memory.pop(key, None)
            _unlink(self._path(key))

    def clear_cache(self, key: str | None = None) -> None:
        """Forget one value, or everything of this plugin when no key is given."""
        if key is not None:
            self.delete(key)
            return
        with self._lock:
            self._memory.clear()
            for path in self._entries.glob("*.json"):
                _unlink(path)

    # -- records, by the older names

    def get_cached_data(self, key: str, max_age: float | None = DEFAULT_MAX_AGE, memory_ttl: float | None = None) -> Any:
        """Return the stored record itself, None when there is none or it is too old."""
        with self._lock:
            entry = self._memory.get(key)
            if entry is None:
                entry = self._read(key)
                if entry is None:
                    return None
            self._remember(key, entry)
        return entry["record"] if self._is_fresh(entry, max_age) else None

    def save_cache(self, key: str, data: Any) -> None:
        """Keep a dict as it is, without wrapping; `get` returns its "data" when it has one."""
        self._store(key, data, stored_at=self._clock())

    def update_cache(self, key: str, data: Any) -> None:
        """Keep `data`, as `set` does."""
        self.set(key, data)

    def load_cache(self, key: str) -> Any:
        """Return the stored record when it is at most an hour old."""
        return self.get_cached_data(key, LOAD_MAX_AGE)

    def get_cached_data_with_strategy(self, key: str, data_type: str = "default") -> Any:
        """Return the value of `key` when it is fresh for its kind of data."""
        return self.get(key, max_age_of(data_type))

    def get_with_auto_strategy(self, key: str) -> Any:
        """Return the value of `key` when it is fresh for the kind of data that the key speaks of."""
        return self.get(key, max_age_of(data_type_of(key)))

    def get_cache_dir(self) -> str:
        """Return the folder in which a plugin may keep files of its own."""
        return self.cache_dir

    # -- inside: an entry is {"key", "stored_at", "record"}

    def _is_fresh(self, entry: dict[str, Any], max_age: float | None) -> bool:
        record = entry["record"]
        ttl = record.get("ttl") if isinstance(record, dict) else None
        limit = ttl if _is_lifetime(ttl) else max_age
        return limit is None or self._clock() - entry["stored_at"] <= limit

    def _store(self, key: str, record: Any, *, stored_at: float) -> None:
        entry = {"key": key, "stored_at": stored_at, "record": record}
        with self._lock:
            self._remember(key, entry)
            self._write(key, entry)

    def _remember(self, key: str, entry: dict[str, Any]) -> None:
        self._memory[key] = entry
        self._memory.move_to_end(key)
        if len(self._memory) > IN_MEMORY:
            self._memory.popitem(last=False)

    def _path(self, key: str) -> Path:
        readable = re.sub(r"[^A-Za-z0-9_-]", "_", str(key))[:48]
        return self._entries / f"{readable}-{hashlib.sha256(str(key).encode('utf-8', 'replace')).hexdigest()[:16]}.json"

    def _read(self, key: str) -> dict[str, Any] | None:
        try:
            entry = json.loads(self._path(key).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            logger.warning("The cache entry %r cannot be read: %s", key, error)
            return None
        is_entry = isinstance(entry, dict) and entry.get("key") == key and isinstance(entry.get("stored_at"), (int, float))
        return entry if is_entry and "record" in entry else None

    def _write(self, key: str, entry: dict[str, Any]) -> None:
        """Write by rename. A value that JSON cannot hold, or a full disk, leaves it in memory alone."""
        path = self._path(key)
        try:
            text = json.dumps(entry, default=_to_json)
            self._entries.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._entries, suffix=".tmp", delete=False, encoding="utf-8") as file:
                file.write(text)
            Path(file.name).replace(path)
        except (OSError, TypeError, ValueError, RecursionError) as error:
            logger.warning("The cache entry %r is kept in memory only: %s", key, error)
            _unlink(path)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("The cache file %s cannot be removed: %s", path.name, error)


def _check_key(key: object) -> None:
    if not isinstance(key, str) or not key:
        raise ValueError("A cache key is a text that is not empty")


def _is_lifetime(ttl: object) -> bool:
    return isinstance(ttl, (int, float)) and not isinstance(ttl, bool) and ttl >= 0


def _to_json(value: object) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return list(value)
    return str(value)
