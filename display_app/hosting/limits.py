"""What one plugin may use: the kernel's limits of its process, and the seconds and bytes that the director watches."""

from __future__ import annotations

import contextlib
import os
import resource
import threading
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds, bytes and counts after which a host is ended; every breach is one strike."""

    construct_seconds: float = 60.0
    first_display_seconds: float = 30.0
    display_seconds: float = 10.0
    update_seconds: float = 30.0
    update_grace_seconds: float = 90.0
    silence_seconds: float = 30.0
    memory_bytes: int = 256 * MIB
    threads: int = 200
    stop_seconds: float = 2.0
    first_frame_seconds: float = 1.0


DATA_BYTES = 256 * MIB
OPEN_FILES = 256
FILE_BYTES = 64 * MIB
NICE = 10
OOM_SCORE = 500
THREAD_STACK_BYTES = 512 * 1024


def apply_limits() -> None:
    """Set the kernel's limits on this process; what is inherited can only be lowered. Not RLIMIT_AS, CPU or NPROC: they hit the healthy."""
    for kind, value in (
        (resource.RLIMIT_DATA, DATA_BYTES),
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
