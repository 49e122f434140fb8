"""What the driver asks of the kernel: closed to others, ahead of others when it feeds hardware, root no longer than needed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from display_app.hosting.kernel import PR_SET_DUMPABLE, prctl

REAL_TIME_PRIORITY = 10  # below the library's own refresh thread


def close_to_others() -> None:
    """Forbid other processes of the same user to look into this one."""
    with suppress(OSError):
        prctl(PR_SET_DUMPABLE, 0)


def raise_priority() -> None:
    """Run before ordinary processes where the system allows it; what it refuses is no error."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(REAL_TIME_PRIORITY))
    except OSError:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, -10)


def priority_of(pid: int) -> str:
    """Return how a process is scheduled: `real-time`, `raised` or `ordinary`; `unknown` when it is gone."""
    try:
        if os.sched_getscheduler(pid) in (os.SCHED_FIFO, os.SCHED_RR):
            return "real-time"
        return "raised" if os.getpriority(os.PRIO_PROCESS, pid) < 0 else "ordinary"
    except OSError:
        return "unknown"


def become_owner(folder: Path) -> None:
    """Give up root for good in favour of the owner of the run folder, once the hardware is open; nothing to do for anyone else."""
    owner = folder.stat()
    if os.getuid() != 0 or owner.st_uid == 0:
        return
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)
    close_to_others()  # a change of user makes a process readable again
