"""What Linux offers to keep a family of processes together: die with the parent, stay closed to other processes."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
M_ARENA_MAX = -8

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, *, by: signal.Signals) -> None:
    """Ask the kernel for `by` when the parent ends; end at once when it already has (so no moment is left open)."""
    _libc.prctl(PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def close_to_others() -> None:
    """Forbid other processes of the same user to read this one's memory (secrets) by ptrace or /proc."""
    _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def give_back_memory() -> None:
    """Return what has been freed to the kernel, and let threads to come share two arenas instead of keeping one each."""
    if hasattr(_libc, "malloc_trim"):  # glibc only
        _libc.malloc_trim(0)
        _libc.mallopt(M_ARENA_MAX, 2)


def start_ticks(pid: int) -> int:
    """Return when a process started, in clock ticks since boot: with its id, a name no other process has; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    fields = text.rpartition(")")[2].split()
    return 0 if fields[0] in ("Z", "X") else int(fields[19])
