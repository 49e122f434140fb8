"""The folder of a plugin's uploads below `assets/`. Every plugin may write there, so it is reached without following any link (pure)."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from plugins_app.exceptions import BadRequest, DiskProblem, NotFound
from plugins_app.package.ids import check_id
from plugins_app.package.paths import UPLOADS, PluginPaths
from plugins_app.uploads.pictures import MIB, MOST_BYTES

MOST_IN_ALL = 50 * MIB
MOST_FILES = 200
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.(png|jpg|jpeg|bmp|gif)", re.IGNORECASE)  # ours, and what LEDMatrix has kept
PART = re.compile(r"\.[0-9a-f]{32}\.part")
_ABOVE, _LAST = "plugins", "uploads"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True)
class Kept:
    """One file: its name, its size in bytes, and when it came, in seconds since 1970."""

    name: str
    size: int
    kept_at: float


def path_of(plugin_id: str, name: str) -> str:
    """Return the path of a file as plugins know it, from the runtime root."""
    return f"{UPLOADS}{check_id(plugin_id)}/{_LAST}/{name}"


def files_of(paths: PluginPaths, plugin_id: str) -> list[Kept]:
    """List the pictures of a plugin by their names, the oldest first."""
    with contextlib.suppress(FileNotFoundError, DiskProblem), _opened(paths, plugin_id) as folder:
        return sorted(_files_in(folder), key=lambda one: (one.kept_at, one.name))
    return []


def put(paths: PluginPaths, plugin_id: str, body: bytes, *, suffix: str) -> str:
    """Keep a file under a new name, whole or not at all, and return the name; BadRequest `uploads-full`. Callers take turns."""
    with _opened(paths, plugin_id, is_made=True) as folder:
        _sweep(folder)
        there = list(_files_in(folder))
        if len(there) >= MOST_FILES or sum(one.size for one in there) + len(body) > MOST_IN_ALL:
            hint = f"Delete some first: {MOST_FILES} files, 50 MB in all."
            raise BadRequest("The plugin has as many pictures as it may have.", code="uploads-full", hint=hint)
        key = secrets.token_hex(16)
        name, part = f"{key}.{suffix}", f".{key}.part"
        try:
            _write(folder, part, body)
            os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(part, dir_fd=folder)
            raise
        os.fsync(folder)
    return name


def read(paths: PluginPaths, plugin_id: str, name: str) -> bytes:
    """Return what a file holds; NotFound `no-such-upload`."""
    _check(name)
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        with _opened(paths, plugin_id) as folder, open(os.open(name, flags, dir_fd=folder), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise no_such(name)
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise no_such(name) from error


def drop(paths: PluginPaths, plugin_id: str, name: str) -> None:
    """Delete a file; NotFound `no-such-upload`."""
    _check(name)
    try:
        with _opened(paths, plugin_id) as folder:
            os.unlink(name, dir_fd=folder)
    except FileNotFoundError as error:
        raise no_such(name) from error


def drop_all(paths: PluginPaths, plugin_id: str) -> None:
    """Delete the folder of a plugin with everything in it; what cannot be deleted stays."""
    with contextlib.suppress(FileNotFoundError, DiskProblem), _opened(paths, plugin_id, depth=1) as folder:
        shutil.rmtree(check_id(plugin_id), ignore_errors=True, dir_fd=folder)


def _files_in(folder: int) -> Iterator[Kept]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                facts = entry.stat(follow_symlinks=False)
                yield Kept(entry.name, facts.st_size, facts.st_mtime)


def _sweep(folder: int) -> None:
    """Remove what a process that was killed has left half written."""
    for name in os.listdir(folder):
        if PART.fullmatch(name):
            os.unlink(name, dir_fd=folder)


def _write(folder: int, name: str, body: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(name, flags, 0o644, dir_fd=folder), "wb") as file:
        file.write(body)
        file.flush()
        os.fchmod(file.fileno(), 0o644)  # hosts may run as another user
        os.fsync(file.fileno())


@contextlib.contextmanager
def _opened(paths: PluginPaths, plugin_id: str, *, is_made: bool = False, depth: int = 3) -> Iterator[int]:
    """Open the folder, step by step from `assets`; FileNotFoundError when it is not there and shall not be made."""
    if is_made:
        paths.assets.mkdir(parents=True, exist_ok=True)
    steps = (_ABOVE, check_id(plugin_id), _LAST)[:depth]
    with contextlib.ExitStack() as stack:
        try:
            folder = os.open(paths.assets, _FOLDER)
            stack.callback(os.close, folder)
            for step in steps:
                if is_made:
                    _make(folder, step)
                folder = os.open(step, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
                stack.callback(os.close, folder)
            yield folder
        except FileNotFoundError:
            raise
        except OSError as error:
            raise DiskProblem(
                f"The uploads of {plugin_id} cannot be reached or written: {error.strerror}.",
                hint=f"Free some space, or look at {paths.assets / _ABOVE}: links are not followed there.",
            ) from error


def _make(folder: int, name: str) -> None:
    try:
        os.mkdir(name, 0o755, dir_fd=folder)
    except FileExistsError:
        return
    os.chmod(name, 0o755, dir_fd=folder)  # whatever the umask: hosts may run as another user


def _check(name: str) -> None:
    if not NAME.fullmatch(name):
        raise no_such(name)


def no_such(name: str) -> NotFound:
    """Return the error that says so."""
    return NotFound(f"There is no upload {name[:60]!r}.", code="no-such-upload", hint="List the plugin's uploads again.")
