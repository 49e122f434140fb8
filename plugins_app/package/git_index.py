"""Reads git's index: which files of a working copy git tracks, how they were when it last looked, and the tree that they make (pure).

Format: https://git-scm.com/docs/index-format, versions 2 to 4.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from plugins_app.package.reading import read_plain

MAX_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 20_000
_HEAD = struct.Struct(">4sII")
_STAT = struct.Struct(">10I")
_FLAGS = struct.Struct(">H")
EXTENDED, STAGE, ASSUME_VALID = 0x4000, 0x3000, 0x8000
SKIP_WORKTREE, INTENT_TO_ADD = 0x4000, 0x2000
FOLDER, LINK, FILE = 0o040000, 0o120000, 0o100000


@dataclass(frozen=True)
class Entry:
    """One tracked file; `mtime` is (seconds, nanoseconds).

    `is_conflict` while a merge waits, `is_watched` unless git was told not to look, `is_promise` when it is to be added later.
    """

    name: bytes
    mode: int
    size: int
    mtime: tuple[int, int]
    digest: bytes
    is_conflict: bool = False
    is_watched: bool = True
    is_promise: bool = False

    @property
    def kind(self) -> int:
        """Return file, link, folder (of a sparse index) or commit (of a submodule)."""
        return self.mode & 0o170000


def read_index(git: Path, *, digest_size: int) -> list[Entry]:
    """Return the entries in git's order; OSError when there is no index, ValueError when it cannot be understood."""
    body = read_plain(git / "index", limit=MAX_BYTES)
    try:
        magic, version, count = _HEAD.unpack_from(body)
        if magic != b"DIRC" or version not in (2, 3, 4) or count > MAX_ENTRIES:
            raise ValueError("not an index that is known here")
        return list(_entries(body, version, count, digest_size))
    except (struct.error, IndexError) as error:
        raise ValueError("the index ends too early") from error


def tree_of(entries: list[Entry], *, digest_size: int) -> bytes:
    """Return the id of the tree that a commit of these entries would have."""
    return _tree([entry for entry in entries if not entry.is_promise], b"", _hash_of(digest_size))


def blob_id(body: bytes, *, digest_size: int) -> bytes:
    """Return the id under which git keeps a file's content."""
    return _hash_of(digest_size)(b"blob %d\0" % len(body) + body, usedforsecurity=False).digest()


def _hash_of(digest_size: int) -> Callable[..., Any]:
    return hashlib.sha1 if digest_size == 20 else hashlib.sha256


def _entries(body: bytes, version: int, count: int, digest_size: int) -> Iterator[Entry]:
    at, name = _HEAD.size, b""
    for _ in range(count):
        start = at
        stat = _STAT.unpack_from(body, at)
        at += _STAT.size
        digest = body[at : at + digest_size]
        (flags,) = _FLAGS.unpack_from(body, at + digest_size)
        at += digest_size + _FLAGS.size
        more = 0
        if version >= 3 and flags & EXTENDED:
            (more,) = _FLAGS.unpack_from(body, at)
            at += _FLAGS.size
        if version == 4:
            strip, at = _number(body, at)
            end = body.index(b"\0", at)
            name = name[: len(name) - strip] + body[at:end]
            at = end + 1
        else:
            end = body.index(b"\0", at)
            name = body[at:end]
            at = start + (end - start + 8) // 8 * 8
        yield Entry(
            name=name,
            mode=stat[6],
            size=stat[9],
            mtime=(stat[2], stat[3]),
            digest=digest,
            is_conflict=bool(flags & STAGE),
            is_watched=not (flags & ASSUME_VALID or more & SKIP_WORKTREE),
            is_promise=bool(more & INTENT_TO_ADD),
        )


def _number(body: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length as pack files write offsets."""
    byte = body[at]
    value, at = byte & 0x7F, at + 1
    while byte & 0x80:
        byte, at = body[at], at + 1
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, at


def _tree(entries: list[Entry], prefix: bytes, make_hash: Callable[..., Any]) -> bytes:
    lines, place = [], 0
    while place < len(entries):
        name, slash, _ = entries[place].name[len(prefix) :].partition(b"/")
        if slash and entries[place].kind != FOLDER:
            below = prefix + name + b"/"
            inside = _inside(entries, place, below)
            lines.append(b"40000 " + name + b"\0" + _tree(inside, below, make_hash))
            place += len(inside)
        else:
            lines.append(b"%o " % entries[place].mode + name + b"\0" + entries[place].digest)
            place += 1
    body = b"".join(lines)
    return bytes(make_hash(b"tree %d\0" % len(body) + body, usedforsecurity=False).digest())


def _inside(entries: list[Entry], place: int, below: bytes) -> list[Entry]:
    return list(takewhile(lambda entry: entry.name.startswith(below), (entries[number] for number in range(place, len(entries)))))
