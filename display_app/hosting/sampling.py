"""What a process uses, read from /proc: memory, threads, processor time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """Bytes of memory (PSS, or RSS where that may not be read), number of threads, seconds of processor time."""

    memory_bytes: int
    threads: int
    cpu_seconds: float


def sample(pid: int) -> Sample | None:
    """Measure one process; None when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        memory = _proportional(pid) or int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return None
    return Sample(memory, int(stat[17]), (int(stat[11]) + int(stat[12])) / _TICKS)


def _proportional(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (PermissionError, FileNotFoundError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)
