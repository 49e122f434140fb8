"""Tasks for the kill tests."""

from __future__ import annotations

import os
import signal
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


def die() -> None:
    """End as a process does that the kernel takes all memory from."""
    os.kill(os.getpid(), signal.SIGKILL)
