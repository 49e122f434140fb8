"""Small durable steps on files and folders: walk without following links, digest, write, rename, flush to the medium."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

GENERATED_FOLDERS = frozenset({".deps", "__pycache__", ".git"})
CHUNK = 256 * 1024


def regular_files(tree: Path) -> Iterator[str]:
    """Yield the relative names of all regular files, sorted by folder; links are not followed, generated folders not entered."""
    for folder, names, files in os.walk(tree, followlinks=False):
        names[:] = sorted(set(names) - GENERATED_FOLDERS)
        for name in sorted(files):
            path = Path(folder, name)
            if is_regular(path):
                yield path.relative_to(tree).as_posix()


def is_regular(path: Path) -> bool:
    """Tell whether a plain file stands there itself, not a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def is_directory(path: Path) -> bool:
    """Tell whether a folder stands there itself, not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def exists(path: Path) -> bool:
    """Tell whether anything stands there, a dangling link included."""
    return os.path.lexists(path)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a plain file; OSError for a link."""
    digest = hashlib.sha256()
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def digests_of(tree: Path) -> dict[str, str]:
    """Return name and SHA-256 of every plain file of a tree."""
    return {name: file_digest(tree / name) for name in regular_files(tree)}


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the medium."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(tree: Path) -> None:
    """Flush every file and folder of a tree, generated ones too, the innermost first."""
    for folder, _, files in os.walk(tree, topdown=False, followlinks=False):
        for name in files:
            path = Path(folder, name)
            if is_regular(path):
                with open(path, "rb") as file:
                    os.fsync(file.fileno())
        sync_folder(Path(folder))


def write_durably(path: Path, body: bytes) -> None:
    """Write a file so that a reader and a power cut find all of it or what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with removed_on_failure(temporary):
        with open(temporary, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    sync_folder(path.parent)


@contextlib.contextmanager
def removed_on_failure(path: Path) -> Iterator[None]:
    """Remove a file that is being written when the work around it fails, whatever the reason."""
    with contextlib.ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        yield
        undo.pop_all()


def move(source: Path, target: Path) -> None:
    """Rename on one file system and flush both folders; the target must not exist as a file or a filled folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)
