"""Lock files: flocks that are never unlinked, and the share of a plugin's live lock that its host holds while it runs."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from plugins_app.exceptions import Conflict

POLL_SECONDS = 0.02


class Held(Conflict):
    """Another process holds the lock."""

    default_code = "locked"


def share_live_lock(path: Path) -> int:
    """Take a host's share of a live lock, write down who we are, and return the descriptor to keep; raise Held `being-placed`."""
    try:
        fd = lock_file(path, fcntl.LOCK_SH, wait=0.0)
    except Held as error:
        raise Held("The plugin's files are being exchanged.", code="being-placed", hint="Try again in a moment.") from error
    os.ftruncate(fd, 0)
    os.pwrite(fd, f"{os.getpid()} {start_time(os.getpid())}\n".encode(), 0)
    return fd


def lock_file(path: Path, kind: int, *, wait: float) -> int:
    """Open and lock; begin again when the file was replaced meanwhile."""
    deadline = time.monotonic() + wait
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o660)
        if _try_lock(fd, kind) and _is_same_file(fd, path):
            return fd
        os.close(fd)
        if time.monotonic() >= deadline:
            raise Held(f"{path.name} is held by another process.", hint="Wait for the other work to end.")
        time.sleep(POLL_SECONDS)


def start_time(pid: int) -> int:
    """Return when a process started, in ticks since boot: with the pid it names one process for good; 0 when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return int(text.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0


def _try_lock(fd: int, kind: int) -> bool:
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_same_file(fd: int, path: Path) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    here = os.fstat(fd)
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)
