"""The kernel's limits of one host: what is inherited can only be lowered. Not RLIMIT_AS, CPU or NPROC: they hit the healthy."""

from __future__ import annotations

import contextlib
import os
import resource
import threading
from pathlib import Path

OPEN_FILES = 256
FILE_BYTES = 64 * 1024 * 1024
NICE = 10
NICE_BESIDE = 15  # not less: an update would starve on a busy board
OOM_SCORE = 500
THREAD_STACK_BYTES = 512 * 1024


def apply_ceilings(*, memory_bytes: int) -> None:
    """Set the limits on this process."""
    for kind, value in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (lowered, lowered))
    os.setpriority(os.PRIO_PROCESS, 0, NICE)
    with contextlib.suppress(OSError):  # a container may hide the file; the other limits hold
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))
    threading.stack_size(THREAD_STACK_BYTES)


def step_back() -> None:
    """Have the calling thread, and those that it starts, run after the drawing of every host; the kernel ranks threads, not processes."""
    os.setpriority(os.PRIO_PROCESS, 0, NICE_BESIDE)
    with contextlib.suppress(OSError):  # only a hint: it interrupts nobody when it wakes
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
