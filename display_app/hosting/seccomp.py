"""A filter for system calls by which one process changes how others run: Landlock holds back signals, not limits and priorities."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

from display_app.hosting.no_network import (
    ARCHITECTURES,
    JUMP_EQUAL,
    JUMP_SET,
    LOAD,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_SECCOMP,
    RETURN,
    SECCOMP_MODE_FILTER,
    SECCOMP_RET_ALLOW,
    SECCOMP_RET_ERRNO,
    SECCOMP_RET_KILL_PROCESS,
    X32_BIT,
)

JUMP_AT_LEAST = 0x35
NUMBER, ARCHITECTURE, FIRST, SECOND = 0, 4, 16, 24  # where struct seccomp_data has them; of arguments the lower half

# Calls whose first argument names a process: sched_setparam, sched_setscheduler, sched_setaffinity, migrate_pages, move_pages,
# prlimit64, sched_setattr.
NAME_FIRST = {"x86_64": (142, 144, 203, 256, 279, 302, 314), "aarch64": (118, 119, 122, 238, 239, 261, 274)}
# Calls whose second argument does, the first being the kind of name: setpriority, ioprio_set.
NAME_SECOND = {"x86_64": (141, 251), "aarch64": (140, 30)}


def spare_others() -> bool:
    """Keep this process and its children from changing limits, priorities and processors of any other; False where that cannot be."""
    machine = platform.machine()
    if machine not in ARCHITECTURES or sys.maxsize < 2**32:
        return False
    code = _filter_code(machine, own=os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0) == 0)


def _filter_code(machine: str, *, own: int) -> bytes:
    """Return the BPF program: the named calls pass for process 0 (the caller) and `own` only, all other calls pass."""
    named = [(number, "first") for number in NAME_FIRST[machine]] + [(number, "second") for number in NAME_SECOND[machine]]
    program: list[tuple[int, str, str, int]] = [
        (LOAD, "", "", ARCHITECTURE),
        (JUMP_EQUAL, "", "kill", ARCHITECTURES[machine][0]),
        (LOAD, "", "", NUMBER),
        (JUMP_SET, "refuse", "", X32_BIT),
        *((JUMP_EQUAL, label, "", number) for number, label in named),
        (RETURN, "", "", SECCOMP_RET_ALLOW),
    ]
    places = {"second": len(program)}
    program += [
        (LOAD, "", "", FIRST),
        (JUMP_AT_LEAST, "refuse", "", 2),  # 0 and 1 mean one process or a group of them, more means everything of a user
        (LOAD, "", "", SECOND),
        (JUMP_EQUAL, "allow", "check", 0),
    ]
    places["first"] = len(program)
    program.append((LOAD, "", "", FIRST))
    places["check"] = len(program)
    program += [(JUMP_EQUAL, "allow", "", 0), (JUMP_EQUAL, "allow", "refuse", own)]
    for label, verdict in (("allow", SECCOMP_RET_ALLOW), ("refuse", SECCOMP_RET_ERRNO | errno.EPERM), ("kill", SECCOMP_RET_KILL_PROCESS)):
        places[label] = len(program)
        program.append((RETURN, "", "", verdict))

    def distance(label: str, at: int) -> int:
        return places[label] - at - 1 if label else 0

    lines = ((code, distance(then, at), distance(other, at), value) for at, (code, then, other, value) in enumerate(program))
    return b"".join(struct.pack("HBBI", *line) for line in lines)
