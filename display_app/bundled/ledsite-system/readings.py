"""What the machine says about itself; a reading that it does not give, or does not allow, is None."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Readings:
    """Load and memory in percent, the hottest sensor in °C, seconds since the start."""

    load: int | None = None
    memory: int | None = None
    celsius: int | None = None
    uptime: int | None = None


def read_machine(root: Path = Path("/"), *, cores: int | None = None) -> Readings:
    """Read everything below `root`."""
    return Readings(
        load=_load(root / "proc/loadavg", cores or os.cpu_count() or 1),
        memory=_memory(root / "proc/meminfo"),
        celsius=_celsius(root / "sys/class/thermal"),
        uptime=_uptime(root / "proc/uptime"),
    )


def _load(path: Path, cores: int) -> int | None:
    """Return the load of the last minute as a part of what the processors can take, at most 100."""
    words = _words(path)
    return min(100, round(float(words[0]) * 100 / cores)) if words else None


def _memory(path: Path) -> int | None:
    try:
        lines = dict(line.split(":", 1) for line in path.read_text().splitlines())
        total, available = (int(lines[name].split()[0]) for name in ("MemTotal", "MemAvailable"))
        return round(100 * (total - available) / total)
    except (OSError, ValueError, LookupError, ArithmeticError):
        return None


def _celsius(folder: Path) -> int | None:
    found = []
    for path in folder.glob("thermal_zone*/temp"):
        words = _words(path)
        if words and -40_000 < int(float(words[0])) < 200_000:
            found.append(round(float(words[0]) / 1000))
    return max(found, default=None)


def _uptime(path: Path) -> int | None:
    words = _words(path)
    return int(float(words[0])) if words else None


def _words(path: Path) -> list[str]:
    """Return the words of a file whose first is a number, else nothing."""
    try:
        words = path.read_text().split()
        float(words[0])
    except (OSError, ValueError, LookupError):
        return []
    return words
