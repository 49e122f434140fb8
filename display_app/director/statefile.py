"""Writes `status.json` by rename: on change at once, else twice a second as a sign of life."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import orjson

STATUS_NAME = "status.json"
BEAT_SECONDS = 0.5
SHORTEST_SECONDS = 0.05


class StateFile:
    """The file, and when it was written last."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / STATUS_NAME
        self._temporary = run_dir / f".{STATUS_NAME}.{os.getpid()}.new"
        self._written_at = 0.0

    def rest_in(self, now: float) -> float:
        """Return the seconds until a change may be written."""
        return max(0.0, self._written_at + SHORTEST_SECONDS - now)

    def write(self, status: dict[str, Any]) -> None:
        """Put a new state in place."""
        self._written_at = time.monotonic()
        body = orjson.dumps({"pid": os.getpid(), "beat": self._written_at, **status})
        fd = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        try:
            os.write(fd, body)
        finally:
            os.close(fd)
        self._temporary.replace(self._path)

    def remove(self) -> None:
        """Leave no state of a director that has ended."""
        self._path.unlink(missing_ok=True)
