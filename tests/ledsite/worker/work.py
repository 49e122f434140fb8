"""Tasks for the kill tests."""

from __future__ import annotations

import time
from pathlib import Path


def first_time_hang(marker: str, done: str) -> None:
    """Hang when run for the first time, end at once when run again."""
    if Path(marker).exists():
        Path(done).touch()
        return
    Path(marker).touch()
    time.sleep(600)


def touch(marker: str) -> None:
    """Leave a mark."""
    Path(marker).touch()


def fail() -> None:
    """Fail as a task may."""
    raise ValueError("nothing good came of it")
