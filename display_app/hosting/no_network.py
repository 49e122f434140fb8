"""Take the network away from this process for good: by a seccomp filter, else by empty namespaces, else by a refusal in Python."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import sys
from typing import Any, NoReturn

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
SECCOMP_RET_KILL_PROCESS = 0x80000000
SECCOMP_RET_ERRNO = 0x00050000
SECCOMP_RET_ALLOW = 0x7FFF0000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
IO_URING_SETUP = 425  # a ring can open sockets behind the filter's back
X32_BIT = 0x40000000  # x86-64 only: a second numbering of the same calls
# machine: (AUDIT_ARCH, number of socket(2))
ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}

LOAD, JUMP_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x45, 0x06


def refuse_network() -> str:
    """Make every new socket of this process and its children fail; return how: `seccomp`, `namespace` or `python`."""
    libc = ctypes.CDLL(None, use_errno=True)
    if _install_filter(libc):
        return "seccomp"
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        return "namespace"
    _refuse_in_python()
    return "python"


def _install_filter(libc: ctypes.CDLL) -> bool:
    architecture = ARCHITECTURES.get(platform.machine())
    if architecture is None or sys.maxsize < 2**32:
        return False
    code = _filter_code(*architecture)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0) == 0)


def _filter_code(audit_arch: int, socket_call: int) -> bytes:
    """Return the BPF program: another architecture is killed, `socket` and `io_uring_setup` fail with ENETUNREACH, the rest passes."""
    refuse = SECCOMP_RET_ERRNO | errno.ENETUNREACH
    instructions = [
        (LOAD, 0, 0, 4),  # seccomp_data.arch
        (JUMP_EQUAL, 1, 0, audit_arch),
        (RETURN, 0, 0, SECCOMP_RET_KILL_PROCESS),
        (LOAD, 0, 0, 0),  # seccomp_data.nr
        (JUMP_SET, 2, 0, X32_BIT),
        (JUMP_EQUAL, 1, 0, socket_call),
        (JUMP_EQUAL, 0, 1, IO_URING_SETUP),
        (RETURN, 0, 0, refuse),
        (RETURN, 0, 0, SECCOMP_RET_ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)


def _refuse_in_python() -> None:
    def refused(*_: Any, **__: Any) -> NoReturn:
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

    for name in ("connect", "connect_ex", "bind", "sendto", "sendmsg"):
        setattr(socket.socket, name, refused)
    socket.getaddrinfo = refused
