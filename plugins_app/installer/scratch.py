"""Temporary folders of throw-away processes: gone with the work, and those of work that was killed swept away by the next."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "ledsite-scratch-"
ABANDONED_SECONDS = 3600.0


@contextlib.contextmanager
def scratch_folder(kind: str, *, mode: int) -> Iterator[Path]:
    """Make a folder named by what it is for; remove it and everything in it afterwards."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{kind}-", ignore_cleanup_errors=True) as folder:
        path = Path(folder)
        path.chmod(mode)
        with _locked(path):
            yield path


def sweep() -> None:
    """Remove what a worker that was killed left among the temporary files: on a Pi they lie in memory."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            status = folder.lstat()
            is_old = status.st_uid == os.geteuid() and time.time() - status.st_mtime > ABANDONED_SECONDS
            if is_old and not folder.is_symlink():
                with _locked(folder):
                    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder, which the kernel lets go when we are killed; BlockingIOError when another does: no clock tells that as well."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
