"""What a plugin writes to its output: kept in a file of limited size, at a limited rate, with the last lines at hand."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

BURST_BYTES = 64 * 1024
BYTES_PER_SECOND = 4 * 1024
FILE_BYTES = 512 * 1024
TAIL_LINES = 40
READ_BYTES = 64 * 1024
FLOOD_SECONDS = 60.0


class FloodGate:
    """A budget that refills with time: what goes beyond it is dropped and counted. Pure but for the clock that it is given."""

    def __init__(self, *, now: float) -> None:
        self._budget = float(BURST_BYTES)
        self._at = now
        self.dropped = 0

    def pass_through(self, data: bytes, *, now: float) -> bytes:
        """Return as much of `data` as the budget allows, in whole lines, after a note about what was dropped before."""
        self._budget = min(BURST_BYTES, self._budget + (now - self._at) * BYTES_PER_SECOND)
        self._at = now
        if len(data) > self._budget:
            kept = data[: data.rfind(b"\n", 0, int(self._budget)) + 1]
            self.dropped += len(data) - len(kept)
            self._budget = 0
            return kept
        note = f"... {self.dropped} bytes of output were dropped: too much at once ...\n".encode() if self.dropped else b""
        self._budget -= len(data)
        self.dropped = 0
        return note + data


class OutputLog:
    """Reads the pipe of one host, a bounded piece at a time (a flood then slows only its plugin), and writes to `<id>.log`."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._clock = clock
        self._gate = FloodGate(now=clock())
        self._waiting: deque[bytes] = deque()
        self._flooded_at: float | None = None

    @property
    def is_flooded(self) -> bool:
        """Tell whether something had to be dropped lately."""
        return self._flooded_at is not None and self._clock() - self._flooded_at < FLOOD_SECONDS

    def drain(self, fd: int) -> bool:
        """Take what waits in a non-blocking pipe; False at its end."""
        try:
            data = os.read(fd, READ_BYTES)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not data:
            return False
        kept = self._gate.pass_through(data, now=self._clock())
        if self._gate.dropped:
            self._flooded_at = self._clock()
        if kept:
            self.tail.extend(kept.decode("utf-8", "replace").splitlines())
            self._waiting.append(kept)
        return True

    def has_waiting(self) -> bool:
        """Tell whether there is something to write."""
        return bool(self._waiting)

    def write(self) -> None:
        """Append what waits to the file; the one before is kept as `<id>.log.1` when it is full."""
        data = b"".join(self._waiting.popleft() for _ in range(len(self._waiting)))
        if not data:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists() and self.path.stat().st_size + len(data) > FILE_BYTES:
            self.path.replace(self.path.with_name(self.path.name + ".1"))
        with self.path.open("ab") as file:
            file.write(data)
