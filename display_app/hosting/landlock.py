"""Landlock: a process that gives up every file it was not granted, and signals to everybody outside."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from display_app.hosting import kernel

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_CHANGES = sum(1 << bit for bit in range(4, 13))  # remove, make, rename of every kind of entry
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
SCOPE_ABSTRACT_SOCKET, SCOPE_SIGNAL = 1 << 0, 1 << 1
_FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

READ = EXECUTE | READ_FILE | READ_DIR
WRITE = READ | WRITE_FILE | _CHANGES | REFER | TRUNCATE
LIST = READ_DIR

_SCOPE_VERSION = 6


def restrict(grants: Iterable[tuple[Path, int]]) -> bool:
    """Confine this process to `grants` (path, access); return False where the kernel cannot."""
    version = kernel.landlock_version()
    if version < 1:
        return False
    handled = _handled(version)
    scoped = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL if version >= _SCOPE_VERSION else 0
    ruleset = kernel.landlock_ruleset(handled_files=handled, scoped=scoped)
    for path, access in grants:
        _allow(ruleset, path, access & handled)
    kernel.landlock_restrict(ruleset)
    os.close(ruleset)
    return True


def without(path: Path, protected: Sequence[Path]) -> Iterator[Path]:
    """Yield `path`, or, where something protected lies beneath it, those of its entries that are not and contain nothing protected."""
    real = Path(os.path.realpath(path))
    if any(real.is_relative_to(guarded) for guarded in protected):
        return
    if not any(guarded.is_relative_to(real) for guarded in protected):
        yield real
        return
    try:
        entries = sorted(real.iterdir())
    except OSError:
        return
    for entry in entries:
        if not entry.is_symlink():
            yield from without(entry, protected)


def _handled(version: int) -> int:
    handled = READ | WRITE_FILE | _CHANGES
    handled |= REFER if version >= 2 else 0
    handled |= TRUNCATE if version >= 3 else 0
    return handled


def _allow(ruleset: int, path: Path, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no permission
    try:
        is_folder = path.is_dir()
        kernel.landlock_allow(ruleset, fd, access if is_folder else access & _FOR_FILES)
    finally:
        os.close(fd)
