"""Orphans: what a host has started and left behind becomes the child of the nearest subreaper, which ends it here."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def children() -> list[int]:
    """List the children of this process; none on a kernel built without that list."""
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:
        return []


def end_strays(kept: set[int]) -> None:
    """End and reap every child but those that are kept."""
    for pid in children():
        if pid not in kept:
            bury(pid)


def bury(pid: int) -> None:
    """End a child and reap it, now or when it is looked at next."""
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, os.WNOHANG)
    except (ProcessLookupError, ChildProcessError):
        return
