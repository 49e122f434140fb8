"""Tells whether a working copy differs from its last commit, by reading files: no process is started, so no hook or filter of it runs.

What git tracks counts, as in `git describe --dirty`; files that it does not know (and what a plugin writes) do not. Names come
from walking the folder and are only looked up in the index, never the other way round.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from plugins_app.package.git_index import FILE, LINK, Entry, blob_id, read_index, tree_of
from plugins_app.package.git_objects import tree_of_commit
from plugins_app.package.reading import read_plain

MAX_FILES = 20_000
MAX_HASHED = 64 * 1024 * 1024


def is_changed(folder: Path, commit: str, *, trusts_mode: bool = True) -> bool | None:
    """Tell whether tracked files differ from the commit that is checked out; None when that cannot be told.

    `trusts_mode` is git's `core.fileMode`: whether the file system keeps the bit that makes a file executable.
    """
    try:
        return _is_changed(folder, commit, trusts_mode=trusts_mode)
    except (OSError, ValueError, RecursionError):
        return None


def watch_mark(folder: Path) -> tuple[int, ...] | None:
    """Return what moves when `is_changed` may answer differently: times and sizes of the index and of tracked files."""
    try:
        tracked = {entry.name for entry in read_index(folder / ".git", digest_size=20)}
        facts = [found for name, found in _files(folder) if name in tracked]
        index = (folder / ".git" / "index").stat()
    except (OSError, ValueError):
        return None
    times, sizes = sum(fact.st_mtime_ns for fact in facts), sum(fact.st_size for fact in facts)
    return index.st_mtime_ns, len(facts), times, sizes


def _is_changed(folder: Path, commit: str, *, trusts_mode: bool) -> bool:
    git, size = folder / ".git", len(commit) // 2 or 20
    entries = read_index(git, digest_size=size)
    written = (git / "index").stat().st_mtime_ns
    found = dict(_files(folder))
    if not commit or any(entry.is_conflict or entry.is_promise for entry in entries):
        return bool(entries)
    left = MAX_HASHED
    for entry in (entry for entry in entries if entry.is_watched and entry.kind in (FILE, LINK)):
        here = found.get(entry.name)
        if here is None or _is_of_another_kind(entry, here, trusts_mode=trusts_mode):
            return True
        if not _is_as_seen(entry, here, written):
            left -= here.st_size
            if left < 0:
                raise ValueError("more to read than a plugin has")
            if _content_id(folder / os.fsdecode(entry.name), entry) != entry.digest:
                return True
    committed = tree_of_commit(git, commit)
    return committed is not None and committed != tree_of(entries, digest_size=size)


def _files(folder: Path) -> Iterator[tuple[bytes, os.stat_result]]:
    """Walk the working copy without following links; ValueError when it has more files and folders than a plugin has."""
    waiting, seen = [(folder, b"")], 0
    while waiting:
        here, prefix = waiting.pop()
        with os.scandir(here) as entries:
            for entry in entries:
                name = prefix + os.fsencode(entry.name)
                seen += 1
                if seen > MAX_FILES:
                    raise ValueError("too many files and folders")
                if entry.is_dir(follow_symlinks=False):
                    waiting += [] if name == b".git" else [(Path(entry.path), name + b"/")]
                    continue
                yield name, entry.stat(follow_symlinks=False)


def _is_of_another_kind(entry: Entry, found: os.stat_result, *, trusts_mode: bool) -> bool:
    if stat.S_IFMT(found.st_mode) != entry.kind:
        return True
    return trusts_mode and entry.kind == FILE and bool(found.st_mode & 0o100) != bool(entry.mode & 0o100)


def _is_as_seen(entry: Entry, found: os.stat_result, index_written: int) -> bool:
    """Tell whether size and time are those that git noted, and older than the index: what changed in the same moment is read."""
    seconds, nanoseconds = divmod(found.st_mtime_ns, 1_000_000_000)
    is_same_time = seconds & 0xFFFFFFFF == entry.mtime[0] and entry.mtime[1] in (0, nanoseconds)
    return is_same_time and found.st_size & 0xFFFFFFFF == entry.size and found.st_mtime_ns < index_written


def _content_id(path: Path, entry: Entry) -> bytes:
    size = len(entry.digest)
    if entry.kind == LINK:
        return blob_id(os.fsencode(path.readlink()), digest_size=size)
    return blob_id(read_plain(path, limit=MAX_HASHED), digest_size=size)
