"""Writes `status.json` by rename: on change at once, else twice a second as a sign of life."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

STATUS_NAME = "status.json"
BEAT_SECONDS = 0.5
SHORTEST_SECONDS = 0.05


class StateFile:
    """The file, and when it was written last."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / STATUS_NAME
        self._temporary = run_dir / f".{STATUS_NAME}.{os.getpid()}.new"
        self._written_at = 0.0

    def due_in(self, now: float) -> float:
        """Return the seconds until the next beat."""
        return max(0.0, self._written_at + BEAT_SECONDS - now)

    def may_write(self, now: float) -> bool:
        """Tell whether a change may be written already."""
        return now - self._written_at >= SHORTEST_SECONDS

    def write(self, status: dict[str, Any]) -> None:
        """Put a new state in place."""
        self._written_at = time.monotonic()
        self._temporary.write_text(json.dumps({"pid": os.getpid(), "beat": self._written_at, **status}))
        self._temporary.replace(self._path)

    def remove(self) -> None:
        """Leave no state of a director that has ended."""
        self._path.unlink(missing_ok=True)
