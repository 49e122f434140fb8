"""How a process is scheduled, as the kernel says."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

import pytest

from display_app.output.privileges import priority_of


def in_child(code: str) -> str:
    command = f"import os\nfrom display_app.output.privileges import *\n{code}\nprint(priority_of(os.getpid()))"
    return subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout.strip()


def may_run_in_real_time() -> bool:
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
            os._exit(0)
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_an_ordinary_process_and_one_that_is_gone() -> None:
    assert in_child("os.setpriority(os.PRIO_PROCESS, 0, 5)") == "ordinary"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert priority_of(gone.pid) == "unknown"


@pytest.mark.skipif(os.geteuid() != 0, reason="only user 0 may raise priorities")
def test_a_driver_takes_what_it_is_allowed() -> None:
    assert in_child("raise_priority()") == ("real-time" if may_run_in_real_time() else "raised")
