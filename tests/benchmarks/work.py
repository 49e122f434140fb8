"""A task for the queues, for the other benchmarks."""

from __future__ import annotations

import os
import time


def note_start(path: str) -> None:
    """Append the moment in which the task started to a file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, f"{time.monotonic()}\n".encode())
    os.close(descriptor)
