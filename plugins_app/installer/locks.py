"""Who may touch a plugin: the operation lock of workers, and the live lock that `place` takes from hosts."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plugins_app.package.livelock import Held, lock_file, start_time


@dataclass(frozen=True)
class HeldLock:
    """A lock in our hands; `fd` may be passed to subprocesses, which then hold it too."""

    path: Path
    fd: int


@contextlib.contextmanager
def hold(path: Path, *, wait: float = 0.0) -> Iterator[HeldLock]:
    """Hold a lock alone for the length of a block; raise Held when others have it for longer than `wait` seconds."""
    fd = lock_file(path, fcntl.LOCK_EX, wait=wait)
    try:
        yield HeldLock(path, fd)
    finally:
        os.close(fd)


@contextlib.contextmanager
def take_live_lock(path: Path, *, wait: float = 5.0) -> Iterator[HeldLock]:
    """Hold a live lock alone; a host that has it for longer than `wait` seconds is ended, Held `plugin-will-not-stop` when it cannot be."""
    try:
        fd = lock_file(path, fcntl.LOCK_EX, wait=wait)
    except Held:
        fd = _lock_by_force(path)
    try:
        os.ftruncate(fd, 0)
        yield HeldLock(path, fd)
    finally:
        os.close(fd)


def is_held(path: Path) -> bool:
    """Tell whether any process holds the lock in any way."""
    try:
        with hold(path):
            return False
    except Held:
        return True


def holders(path: Path) -> list[int]:
    """List the hosts that share a lock: those that the kernel names, else the one that wrote itself into the file."""
    written = _written_holder(path)
    try:
        kernel = _kernel_holders(path)
    except OSError:
        kernel = []
    found = kernel or ([written] if written else [])
    return [pid for pid in found if pid > 1 and pid != os.getpid()]


def _lock_by_force(path: Path) -> int:
    """End the holders and take the lock; a second round catches one that started meanwhile."""
    for _ in range(3):
        for pid in holders(path):
            _end(pid, path)
        with contextlib.suppress(Held):
            return lock_file(path, fcntl.LOCK_EX, wait=1.0)
    raise Held("The plugin's process does not end.", code="plugin-will-not-stop", hint="Restart the display, then try again.")


def _end(pid: int, path: Path) -> None:
    """Kill a holder; a descriptor of the process is taken first and the fact checked again, so a reused number is never hit."""
    with contextlib.suppress(OSError):
        handle = os.pidfd_open(pid)
        try:
            if pid in holders(path):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)


def _kernel_holders(path: Path) -> list[int]:
    """Read who shares the lock from /proc/locks, whose lines are `n: FLOCK ADVISORY READ pid major:minor:inode start end`.

    Who has it alone (WRITE) is one of us, exchanging files or only asking, and is never ended.
    """
    inode = str(path.stat().st_ino)
    found = []
    for line in Path("/proc/locks").read_text(encoding="ascii", errors="replace").splitlines():
        fields = line.split()
        if len(fields) >= 6 and (fields[1], fields[3]) == ("FLOCK", "READ") and fields[5].rpartition(":")[2] == inode:
            found += [int(fields[4])] if _has_open(int(fields[4]), path) else []
    return found


def _has_open(pid: int, path: Path) -> bool:
    """Tell whether a process has the file open, or may not be asked: inode numbers are unique on one file system only."""
    if pid <= 1:
        return False
    wanted = path.stat()
    try:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                there = entry.stat()
                if (there.st_dev, there.st_ino) == (wanted.st_dev, wanted.st_ino):
                    return True
    except PermissionError:
        return _written_holder(path) == pid
    except OSError:
        return False
    return False


def _written_holder(path: Path) -> int | None:
    """Return the process that the file's content names, when it is still that very process."""
    try:
        words = path.read_text(encoding="ascii", errors="replace").split()
        pid, started = int(words[0]), int(words[1])
    except (OSError, ValueError, IndexError):
        return None
    return pid if started and start_time(pid) == started else None
