"""Finds the tree of a commit in a repository's objects: loose, or whole in a pack (pure).

Formats: https://git-scm.com/docs/gitformat-loose and gitformat-pack; a commit that is kept as a difference is not looked for.
"""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

from plugins_app.package.reading import open_plain, read_plain

MAX_OBJECT = 256 * 1024
MAX_IDS = 4 * 1024 * 1024
MAX_PACKS = 50
_TREE = re.compile(rb"tree ([0-9a-f]{40}|[0-9a-f]{64})\n")
_COMMIT_TYPE = 1


def tree_of_commit(git: Path, commit: str) -> bytes | None:
    """Return the id of a commit's tree; None when the commit cannot be read here."""
    body = _loose(git, commit) or _packed(git, commit)
    match = _TREE.match(body) if body else None
    return bytes.fromhex(match[1].decode()) if match else None


def _loose(git: Path, commit: str) -> bytes | None:
    try:
        packed = read_plain(git / "objects" / commit[:2] / commit[2:], limit=MAX_OBJECT)
        head, _, body = zlib.decompressobj().decompress(packed, MAX_OBJECT).partition(b"\0")
    except (OSError, zlib.error):
        return None
    return body if head.startswith(b"commit ") else None


def _packed(git: Path, commit: str) -> bytes | None:
    wanted = bytes.fromhex(commit)
    try:
        indexes = sorted((git / "objects" / "pack").glob("*.idx"))[:MAX_PACKS]
        for index in indexes:
            offset = _offset(index, wanted)
            if offset is not None:
                return _object(index.with_suffix(".pack"), offset)
    except (OSError, struct.error, zlib.error, IndexError):
        return None
    return None


def _offset(index: Path, wanted: bytes) -> int | None:
    """Look an object up in a pack's index, version 2."""
    with open_plain(index) as file:
        if file.read(8) != b"\xfftOc\0\0\0\2":
            return None
        fanout = struct.unpack(">256I", file.read(1024))
        first, last, total = fanout[wanted[0] - 1] if wanted[0] else 0, fanout[wanted[0]], fanout[255]
        size = len(wanted)
        if not 0 <= first <= last <= total or (last - first) * size > MAX_IDS:
            return None
        file.seek(1032 + first * size)
        ids = file.read((last - first) * size)
        place = next((number for number in range(last - first) if ids[number * size : (number + 1) * size] == wanted), None)
        if place is None:
            return None
        file.seek(1032 + total * (size + 4) + (first + place) * 4)
        (offset,) = struct.unpack(">I", file.read(4))
        if not offset & 0x80000000:
            return int(offset)
        file.seek(1032 + total * (size + 8) + (offset & 0x7FFFFFFF) * 8)
        return int(struct.unpack(">Q", file.read(8))[0])


def _object(pack: Path, offset: int) -> bytes | None:
    with open_plain(pack) as file:
        file.seek(offset)
        data = file.read(MAX_OBJECT)
    if (data[0] >> 4) & 7 != _COMMIT_TYPE:
        return None
    start = 1
    while data[start - 1] & 0x80:
        start += 1
    return zlib.decompressobj().decompress(data[start:], MAX_OBJECT)
