"""The few system calls that Python does not wrap: parent-death signal, privileges, capabilities, Landlock. Linux only."""

from __future__ import annotations

import ctypes
import os
import struct

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
_CAPABILITY_VERSION_3 = 0x2008_0522
_LANDLOCK_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1

_libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, argument: int = 0) -> None:
    """Call prctl(2); raise OSError when the kernel refuses."""
    if _libc.prctl(option, ctypes.c_ulong(argument), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        raise _last_error("prctl")


def die_with_parent(signal_number: int, *, parent: int) -> None:
    """Ask for a signal when the parent ends; end at once when it already has. A change of user forgets the wish, so call it afterwards."""
    prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        os._exit(0)


def give_back_memory() -> None:
    """Return what was freed to the kernel; glibc keeps it otherwise, and compiling a large plugin alone leaves some MB."""
    if hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(ctypes.c_size_t(0))


def drop_capabilities() -> None:
    """Give up every capability for good, also across exec: bounding, ambient, inheritable, permitted and effective set."""
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) != 0:
            break  # the kernel knows no more than these
    _libc.prctl(PR_CAP_AMBIENT, ctypes.c_ulong(PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0)
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    if _libc.capset(header, bytes(24)) != 0:
        raise _last_error("capset")


def landlock_version() -> int:
    """Return the version of the kernel's Landlock interface; 0 where there is none."""
    return max(0, int(_libc.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_LANDLOCK_VERSION_FLAG))))


def landlock_ruleset(*, handled_files: int, scoped: int) -> int:
    """Make a rule set that refuses `handled_files` everywhere and `scoped` towards processes outside; return its descriptor."""
    attributes = struct.pack("<QQQ", handled_files, 0, scoped)
    size = 24 if scoped else 8
    fd = _libc.syscall(LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0))
    if fd < 0:
        raise _last_error("landlock_create_ruleset")
    os.set_inheritable(fd, False)
    return int(fd)


def landlock_allow(ruleset: int, path_fd: int, access: int) -> None:
    """Allow `access` for an open file or for everything beneath an open folder."""
    rule = struct.pack("<Qi", access, path_fd)
    if _libc.syscall(LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, ctypes.c_uint32(0)) != 0:
        raise _last_error("landlock_add_rule")


def landlock_restrict(ruleset: int) -> None:
    """Put this process and all it starts under the rules; needs no_new_privs."""
    if _libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)) != 0:
        raise _last_error("landlock_restrict_self")


def _last_error(call: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{call}: {os.strerror(number)}")
