"""The process that `bound` starts: runs one command as its child, dies with its caller, and ends whatever the command left running."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping, Sequence

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def keep(parent: int, limits: Mapping[str, int], command: Sequence[str]) -> int:
    """Run the command as a child, wait for it, end what it left running, return its exit code."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if os.getppid() != parent:
        return 125
    signal.signal(signal.SIGTERM, _leave)
    keeper = os.getpid()
    child = os.fork()
    if child == 0:
        _become(libc, keeper, limits, command)
    try:
        while True:
            pid, status = os.waitpid(-1, 0)
            if pid == child:
                code = os.waitstatus_to_exitcode(status)
                return 128 - code if code < 0 else code
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end_descendants()


def _leave(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _become(libc: ctypes.CDLL, keeper: int, limits: Mapping[str, int], command: Sequence[str]) -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != keeper:
        os._exit(125)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        for name, value in limits.items():
            kind = getattr(resource, f"RLIMIT_{name}")
            hard = resource.getrlimit(kind)[1]
            most = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (most, most))
        os.execvp(command[0], list(command))
    except (OSError, ValueError) as error:
        os.write(2, f"{command[0]} cannot be started: {error}\n".encode())
    os._exit(127)


def _end_descendants() -> None:
    """Kill children until there are none: as reaper of all below, this process inherits every grandchild."""
    for _ in range(200):
        children = _children()
        for pid in children:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            time.sleep(0.005)
            continue
        return


def _children() -> list[int]:
    own = str(os.getpid())
    found = []
    for entry in os.listdir("/proc"):  # noqa: PTH208 - Path costs an import in a process that lives for milliseconds
        if entry.isdigit():
            with contextlib.suppress(OSError, IndexError), open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                if file.read().rpartition(")")[2].split()[1] == own:
                    found.append(int(entry))
    return found


if __name__ == "__main__":
    sys.exit(keep(int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]))
