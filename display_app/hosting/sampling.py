"""What a process uses, read from /proc: memory, threads, processor time.

The kernel walks all pages of a process for its PSS, which takes a millisecond; RSS is never less and costs next to nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_MOST = 16 * 1024  # these files have a few hundred bytes


@dataclass(frozen=True)
class Sample:
    """Bytes of memory (PSS, or RSS where that may not be read; and RSS), number of threads, seconds of processor time."""

    memory_bytes: int
    resident_bytes: int
    threads: int
    cpu_seconds: float


def sample(pid: int, *, last: Sample | None = None, watch_above: int = 0) -> Sample | None:
    """Measure one process; None when it is gone. The memory of `last` holds while the RSS hardly moves and is not above `watch_above`."""
    try:
        stat = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
        resident = int(stat[21]) * _PAGE
        is_as_before = last is not None and resident <= watch_above and abs(resident - last.resident_bytes) * 20 < resident
        memory = last.memory_bytes if last is not None and is_as_before else _proportional(pid) or resident
    except (OSError, IndexError, ValueError):
        return None
    return Sample(memory, resident, int(stat[17]), (int(stat[11]) + int(stat[12])) / _TICKS)


def _proportional(pid: int) -> int:
    try:
        text = _read(f"/proc/{pid}/smaps_rollup")
    except (PermissionError, FileNotFoundError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith(b"Pss:")), 0)


def _read(path: str) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(fd, _MOST)
    finally:
        os.close(fd)
