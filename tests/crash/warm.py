"""Makes the parent of all children warm: what they would import and look up is there, and a plugin is tried in a fork of it.

`CRASH_FULL` keeps the product's own way to try a plugin, a new interpreter; otherwise that is a third of what the quick selection costs.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from encodings import cp437, utf_8_sig
from pathlib import Path

from django_q.brokers import orm

from display_app.hosting import probe as trial
from plugins_app.installer import probe
from plugins_app.installer.bound import Ended
from tests.crash.actions import close_database, inspect, recover

ON_FIRST_USE = (cp437, utf_8_sig, orm)  # the children would import these again and again
PR_SET_PDEATHSIG = 1


def warm_up() -> None:
    """Do once what every child does, in the product as it is now; afterwards no connection is open and nothing is collected."""
    inspect(0)
    recover()
    close_database()
    if not os.environ.get("CRASH_FULL"):
        probe.run_bound = run_forked  # type: ignore[assignment]
    gc.disable()
    gc.collect()
    gc.freeze()


def run_forked(
    command: Sequence[str],
    *,
    seconds: float,
    env: Mapping[str, str],
    cwd: Path,
    on_line: Callable[[str], None],
    stdin: bytes,
    limits: Mapping[str, int],
    merge_stderr: bool,
    on_wait: Callable[[], None],
) -> Ended:
    """Try a plugin as `run_bound` does, in a fork instead of a new interpreter."""
    on_wait()
    source = os.memfd_create("task")
    os.write(source, stdin)
    os.lseek(source, 0, os.SEEK_SET)
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.dup2(source, 0)
        os.dup2(writer, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.closerange(3, 256)
        signal.alarm(round(seconds))
        sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")  # noqa: SIM115 (ends with the process)
        os._exit(_try(cwd, env, limits))
    os.close(source)
    os.close(writer)
    with open(reader, encoding="utf-8") as lines:
        for line in lines:
            on_line(line.rstrip())
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return Ended(128 - code if code < 0 else code, timed_out=code == -signal.SIGALRM)


def _try(cwd: Path, env: Mapping[str, str], limits: Mapping[str, int]) -> int:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    code = trial.main()
    sys.stdout.flush()
    return code
