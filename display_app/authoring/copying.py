"""Copies a folder that a running plugin may change meanwhile: nothing is read that a link leads to, and no more than agreed."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

LEFT_BEHIND = frozenset({".git", "__pycache__", ".pytest_cache"})


def copy_tree(source: Path, target: Path, *, most_bytes: int, links: bool = True) -> None:
    """Copy files and folders, links as links or not at all; OSError EFBIG when it is too much, before that is copied.

    Times of files are kept. Pipes, sockets and files that cannot be read are left out.
    """
    left = most_bytes
    for folder, names, files, here in os.fwalk(source, follow_symlinks=False):
        into = target / Path(folder).relative_to(source)
        into.mkdir(parents=True, exist_ok=True)
        if links:
            for name in [*names, *files]:
                _copy_link(name, into / name, here)
        names[:] = [name for name in names if name not in LEFT_BEHIND]
        for name in files:
            if not name.endswith(".pyc"):
                left = _copy_file(name, into / name, here, left)


def copy_named(names: Iterable[str], source: Path, target: Path, *, below: str, most_bytes: int) -> None:
    """Copy single files by their names in `source`, as many as fit; one that does not lie in its folder `below` is left out."""
    inside = os.path.realpath(source / below)
    left = most_bytes
    for name in dict.fromkeys(names):
        path = Path(name)
        try:
            folder = os.open(source / path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except (OSError, ValueError):
            continue
        try:
            here = str(Path(f"/proc/self/fd/{folder}").readlink())  # of what was opened, wherever links lead by now
            if here == inside or here.startswith(f"{inside}/"):
                copy = target / below / os.path.relpath(here, inside) / path.name
                copy.parent.mkdir(parents=True, exist_ok=True)
                left = _copy_file(path.name, copy, folder, left)
        except (OSError, ValueError):
            continue
        finally:
            os.close(folder)


def _copy_link(name: str, target: Path, folder: int) -> None:
    with contextlib.suppress(OSError):
        target.symlink_to(os.readlink(name, dir_fd=folder))


def _copy_file(name: str, target: Path, folder: int, left: int) -> int:
    """Copy one file that is no link; return how many bytes may follow."""
    try:
        source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return left
    with open(source, "rb") as file:
        about = os.fstat(source)
        if not stat.S_ISREG(about.st_mode):
            return left
        if about.st_size > left:
            raise OSError(errno.EFBIG, f"{target.name} is too large to be copied")
        with open(target, "xb") as copy:
            shutil.copyfileobj(file, copy)
        target.chmod(stat.S_IMODE(about.st_mode) | stat.S_IRUSR | stat.S_IWUSR)
        os.utime(target, ns=(about.st_atime_ns, about.st_mtime_ns))
    return left - about.st_size
