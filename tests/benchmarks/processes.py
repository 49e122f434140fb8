"""What the processes of a product take, out of /proc: for the other benchmarks."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """One process: memory with shared pages divided among those who share them, its own memory, and its share of one core."""

    title: str
    pss_mb: float
    own_mb: float
    share: float


def usage(root: int, *, seconds: float) -> list[Usage]:
    """Watch a process and everything below it for some seconds."""
    before = {pid: ticks(pid) for pid in family(root)}
    time.sleep(seconds)
    found = []
    for pid in family(root):  # a worker is forked afresh now and then
        pss, own = memory(pid)
        share = (ticks(pid) - before.get(pid, 0)) / os.sysconf("SC_CLK_TCK") / seconds
        found.append(Usage(title(pid), pss / 1024, own / 1024, share))
    return found


def family(pid: int) -> list[int]:
    """List a process and everything below it."""
    found = [pid]
    for each in found:
        children = Path(f"/proc/{each}/task/{each}/children")
        found += [int(child) for child in children.read_text().split()] if children.exists() else []
    return found


def ticks(pid: int) -> int:
    """Return the processor time of a process so far."""
    stat = Path(f"/proc/{pid}/stat")
    return sum(int(number) for number in stat.read_text().rpartition(")")[2].split()[11:13]) if stat.exists() else 0


def title(pid: int) -> str:
    """Return what a process calls itself."""
    path = Path(f"/proc/{pid}/cmdline")
    words = path.read_text().replace("\0", " ").split() if path.exists() else ["ended"]
    if "-m" in words:
        return words[words.index("-m") + 1]
    return " ".join(words)[-60:]


def memory(pid: int) -> tuple[int, int]:
    """Return proportional and private memory in kB."""
    path = Path(f"/proc/{pid}/smaps_rollup")
    text = path.read_text() if path.exists() else ""
    pss = re.findall(r"^Pss:\s+(\d+)", text, flags=re.M)
    own = re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+)", text, flags=re.M)
    return sum(map(int, pss)), sum(map(int, own))
