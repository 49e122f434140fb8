"""The two tiers behind the CacheManager: memory gives back the very object that was stored, the disk survives a restart.

An entry is `{"key", "stored_at", "record"}`, one JSON file each: tuples become lists, dates texts.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import tempfile
import threading
from collections import OrderedDict
from datetime import date, datetime
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

IN_MEMORY = 256
Entry = dict[str, Any]


class CacheStore:
    """Entries by key, the least recently used of which leave the memory; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memory: OrderedDict[str, Entry] = OrderedDict()
        self._lock = threading.RLock()

    def read(self, key: str) -> Entry | None:
        """Return an entry, None when there is none that can be read."""
        with self._lock:
            entry = self._memory.get(key)
            if entry is None:
                entry = self._load(key)
            if entry is not None:
                self._remember(key, entry)
            return entry

    def has_in_memory(self, key: str) -> bool:
        """Tell whether an entry can be had without a look at the disk."""
        return key in self._memory

    def write(self, key: str, record: Any, *, stored_at: float) -> None:
        """Keep a record in both tiers."""
        entry = {"key": key, "stored_at": stored_at, "record": record}
        with self._lock:
            self._remember(key, entry)
            self._save(key, entry)

    def remove(self, key: str) -> None:
        """Forget one entry."""
        with self._lock:
            self._memory.pop(key, None)
            _unlink(self._path(key))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._memory.clear()
            for path in self._folder.glob("*.json"):
                _unlink(path)

    def entries(self) -> list[tuple[Path, Entry]]:
        """Return what lies on the disk, the file with the entry in it; what cannot be read is left out."""
        found = ((path, _parse(path)) for path in self._folder.glob("*.json"))
        return [(path, entry) for path, entry in found if entry is not None]

    def _remember(self, key: str, entry: Entry) -> None:
        self._memory[key] = entry
        self._memory.move_to_end(key)
        if len(self._memory) > IN_MEMORY:
            self._memory.popitem(last=False)

    def _path(self, key: str) -> Path:
        readable = re.sub(r"[^A-Za-z0-9_-]", "_", str(key))[:48]
        return self._folder / f"{readable}-{hashlib.sha256(str(key).encode('utf-8', 'replace')).hexdigest()[:16]}.json"

    def _load(self, key: str) -> Entry | None:
        entry = _parse(self._path(key))
        return entry if entry is not None and entry["key"] == key else None

    def _save(self, key: str, entry: Entry) -> None:
        """Write by rename. A value that JSON cannot hold, or a full disk, leaves it in memory alone."""
        path = self._path(key)
        try:
            text = json.dumps(entry, default=_to_json)
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._folder, suffix=".tmp", delete=False, encoding="utf-8") as file:
                file.write(text)
            Path(file.name).replace(path)
        except (OSError, TypeError, ValueError, RecursionError) as error:
            logger.warning("The cache entry %r is kept in memory only: %s", key, error)
            _unlink(path)


def _parse(path: Path) -> Entry | None:
    try:
        entry = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        logger.warning("The cache file %s cannot be read: %s", path.name, error)
        return None
    is_entry = isinstance(entry, dict) and "key" in entry and isinstance(entry.get("stored_at"), (int, float)) and "record" in entry
    return entry if is_entry else None


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("The cache file %s cannot be removed: %s", path.name, error)


def _to_json(value: object) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return list(value)
    return str(value)
