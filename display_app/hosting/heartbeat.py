"""A host's beats: a few numbers in a page of memory that it shares with the director, which looks at it when it looks after its hosts.

A beat in a message would wake the director for each host and second. Each number is one aligned store of eight bytes, the moment is last: a
reader may see numbers of two beats beside each other, never half of one. The page is sealed, so that no host can take it away under its
reader, and what is written there is checked like all that a host says.
"""

from __future__ import annotations

import fcntl
import math
import mmap
import os
from dataclasses import dataclass

PAGE_BYTES = 4096
_WORD = 8
_MOST = 1e12


@dataclass(frozen=True, slots=True)
class Beat:
    """Seconds that the running calls have taken so far (0 = none runs), counters, last durations."""

    drawing: float
    updating: float
    draws: int
    frames: int
    late: int
    draw_seconds: float
    update_seconds: float


_NUMBERS = 1 + len(Beat.__slots__)


def make_page() -> int:
    """Return a descriptor of an empty page, which can neither grow nor shrink."""
    fd = os.memfd_create("beats", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, PAGE_BYTES)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return fd


class BeatWriter:
    """The host's side; the descriptor may be closed afterwards."""

    def __init__(self, fd: int) -> None:
        self._numbers = memoryview(mmap.mmap(fd, _NUMBERS * _WORD)).cast("d")

    def write(self, beat: Beat, *, at: float) -> None:
        """Put a beat in place; `at` is CLOCK_MONOTONIC in seconds."""
        numbers = self._numbers
        numbers[1], numbers[2] = beat.drawing, beat.updating
        numbers[3], numbers[4], numbers[5] = beat.draws, beat.frames, beat.late
        numbers[6], numbers[7] = beat.draw_seconds, beat.update_seconds
        numbers[0] = at


class BeatReader:
    """The director's side; the descriptor may be closed afterwards."""

    def __init__(self, fd: int) -> None:
        self._map = mmap.mmap(fd, _NUMBERS * _WORD, prot=mmap.PROT_READ)
        self._numbers = memoryview(self._map).cast("d")
        self._seen = 0.0

    def read(self, *, now: float) -> tuple[float, Beat] | None:
        """Return the moment and the numbers of a new beat; None when there has been none since the last look, or what is no beat."""
        at = self._numbers[0]
        if at == self._seen:
            return None
        numbers = self._numbers.tolist()
        if not math.isfinite(sum(numbers)) or min(numbers) < 0 or max(numbers) > _MOST:
            return None
        self._seen = at
        _, drawing, updating, draws, frames, late, draw_seconds, update_seconds = numbers
        return min(at, now), Beat(drawing, updating, int(draws), int(frames), int(late), draw_seconds, update_seconds)

    def close(self) -> None:
        """Let the memory go."""
        self._numbers.release()
        self._map.close()
