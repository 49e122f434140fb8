"""Reads the directory of a zip archive byte by byte, so that every name and place is seen as it was written.

Python's zipfile rewrites names and takes archives with overlapping or hidden parts; here they are refused. The layout is that of
PKWARE's APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (end record), without ZIP64.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from plugins_app.exceptions import PackageError

MAX_ENTRIES = 20_000
MAX_ARCHIVE_BYTES = 200 * 1024 * 1024
STORED, DEFLATED = 0, 8

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_DIRECTORY = 16 * 1024 * 1024
_MAX_DESCRIPTOR = 24
_ENCRYPTED, _HAS_DESCRIPTOR, _PATCHED, _STRONG, _UTF8, _MASKED = 0x1, 0x8, 0x20, 0x40, 0x800, 0x2000


@dataclass(frozen=True)
class Entry:
    """One entry as the central directory describes it; `data_start` is where its packed bytes begin."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    mode: int
    offset: int
    data_start: int = 0

    @property
    def is_folder(self) -> bool:
        """Tell whether the name says that it is a folder."""
        return self.name.endswith("/")


def bad_archive(reason: str, *, code: str = "bad-archive") -> PackageError:
    """Return the error for an archive that is refused."""
    return PackageError(f"The archive is refused: {reason}.", code=code, hint="Nothing was unpacked. Ask its author for a proper zip.")


def read_directory(file: BinaryIO) -> tuple[list[Entry], str]:
    """Return all entries with their places checked, and the archive's comment."""
    size = file.seek(0, os.SEEK_END)
    if size > MAX_ARCHIVE_BYTES:
        raise bad_archive(f"it is larger than {MAX_ARCHIVE_BYTES // 2**20} MiB", code="too-large")
    count, start, length, comment = _read_end(file, size)
    file.seek(start)
    entries = _parse_directory(file.read(length), count)
    return _check_places(file, entries, directory_start=start), comment


def _read_end(file: BinaryIO, size: int) -> tuple[int, int, int, str]:
    """Return number of entries, place and length of the directory, and the comment; nothing may follow the comment."""
    tail_start = max(0, size - _END.size - 0xFFFF)
    file.seek(tail_start)
    tail = file.read()
    fits = [at for at in _positions(tail, b"PK\x05\x06") if at + _END.size <= len(tail) and _comment_end(tail, at) == len(tail)]
    if len(fits) != 1:
        raise bad_archive("it is no zip file, is cut short, or something follows its end", code="not-a-zip")
    _, disk, directory_disk, here, count, length, start, _ = _END.unpack_from(tail, fits[0])
    if disk or directory_disk or here != count:
        raise bad_archive("it has several parts")
    if start + length != tail_start + fits[0] or length > _MAX_DIRECTORY:
        raise bad_archive("its directory is not where it should be (junk before it, or ZIP64)")
    if not 0 < count <= MAX_ENTRIES:
        raise bad_archive(f"it has {count} entries")
    return count, start, length, tail[fits[0] + _END.size :].decode("utf-8", "replace")


def _positions(data: bytes, mark: bytes) -> list[int]:
    found, at = [], data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + 1)
    return found


def _comment_end(tail: bytes, at: int) -> int:
    return at + _END.size + int.from_bytes(tail[at + 20 : at + 22], "little")


def _parse_directory(data: bytes, count: int) -> list[Entry]:
    entries, at = [], 0
    for _ in range(count):
        if at + _CENTRAL.size > len(data):
            raise bad_archive("its directory is cut short")
        mark, _, _, flags, method, _, _, crc, packed, size, name, extra, comment, _, _, attributes, offset = _CENTRAL.unpack_from(data, at)
        if mark != b"PK\x01\x02":
            raise bad_archive("its directory is damaged")
        at += _CENTRAL.size
        raw = data[at : at + name]
        at += name + extra + comment
        entries.append(Entry(raw, _decode(raw, flags), flags, method, crc, packed, size, attributes >> 16, offset))
    if at != len(data):
        raise bad_archive("its directory has another length than it says")
    return entries


def _decode(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise bad_archive("a name in it is not text", code="bad-name") from error


def _check_places(file: BinaryIO, entries: list[Entry], *, directory_start: int) -> list[Entry]:
    """Refuse overlaps, gaps and local headers that say something else; return the entries with their data's place."""
    checked, end, previous = [], 0, None
    for entry in sorted(entries, key=lambda each: each.offset):
        slack = _MAX_DESCRIPTOR if previous is not None and previous.flags & _HAS_DESCRIPTOR else 0
        if not end <= entry.offset <= end + slack:
            raise bad_archive("its entries overlap or hide something between them", code="overlap")
        previous = _with_data_start(file, entry, directory_start)
        end = previous.data_start + previous.packed_size
        if end > directory_start:
            raise bad_archive("its entries overlap or are cut short", code="overlap")
        checked.append(previous)
    slack = _MAX_DESCRIPTOR if previous is not None and previous.flags & _HAS_DESCRIPTOR else 0
    if directory_start > end + slack:
        raise bad_archive("something is hidden between its entries and its directory", code="overlap")
    return checked


def _with_data_start(file: BinaryIO, entry: Entry, limit: int) -> Entry:
    file.seek(entry.offset)
    header = file.read(_LOCAL.size)
    if entry.offset + _LOCAL.size > limit or len(header) < _LOCAL.size:
        raise bad_archive("an entry is cut short")
    mark, _, flags, method, _, _, _, _, _, name, extra = _LOCAL.unpack(header)
    if mark != b"PK\x03\x04" or file.read(name) != entry.raw_name or method != entry.method:
        raise bad_archive("an entry and the directory disagree", code="header-mismatch")
    if (flags | entry.flags) & (_ENCRYPTED | _STRONG | _MASKED):
        raise bad_archive("it is encrypted", code="encrypted")
    if (flags | entry.flags) & _PATCHED or method not in (STORED, DEFLATED):
        raise bad_archive("it is packed in a way that is not supported (stored and deflated are)", code="bad-method")
    place = {**entry.__dict__, "data_start": entry.offset + _LOCAL.size + name + extra}
    return Entry(**place)
