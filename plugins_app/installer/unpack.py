"""Unpacks an archive, or one folder of it, after every name in it was checked; refuses, never repairs.

The whole archive: names, duplicates, overlaps, 20,000 entries, 200 MiB. The folder that is taken: entry types, depth, number, sizes
and packing ratio; bytes are counted as they are written. Folders that we generate ourselves (`.deps`, `__pycache__`, `.git`) stay out.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from plugins_app.failpoints import failpoint
from plugins_app.installer.fetch import disk_problem, require_room
from plugins_app.installer.files import GENERATED_FOLDERS, sync_tree
from plugins_app.installer.zipread import STORED, Entry, bad_archive, read_directory

MAX_NAME_BYTES = 240
MAX_LEVELS = 12
MAX_FILES = 2000
MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_TOTAL_BYTES = 200 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM_BYTES = 1024 * 1024
_CHUNK = 128 * 1024
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Unpacked:
    """What was written: name and SHA-256 of every file, the commit id that the archive carries (or ""), bytes in all."""

    files: dict[str, str] = field(repr=False)
    commit: str
    total_bytes: int


def unpack(archive: Path, destination: Path, *, subfolder: str = "") -> Unpacked:
    """Unpack `subfolder` (below the archive's single top folder, if it has one) into the new folder `destination`, durably.

    Raises PackageError with nothing written outside `destination`, DiskProblem when the disk refuses.
    """
    try:
        with open(archive, "rb") as file:
            entries, comment = read_directory(file)
            _check_names(entries)
            chosen = _choose(entries, subfolder)
            destination.parent.mkdir(parents=True, exist_ok=True)
            require_room(destination.parent, sum(entry.size for entry in chosen.values()), factor=1)
            destination.mkdir()
            files, total = _extract(file, chosen, destination)
        sync_tree(destination)
    except OSError as error:
        raise disk_problem(error) from error
    failpoint("unpacked")
    return Unpacked(files, comment if _COMMIT.fullmatch(comment) else "", total)


def _check_names(entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        _check_name(entry)
        folded = unicodedata.normalize("NFC", entry.name.rstrip("/")).casefold()
        if folded in seen:
            raise bad_archive(f"it has {_shown(entry)} twice, or in two spellings", code="duplicate-name")
        seen.add(folded)
    files = {entry.name for entry in entries if not entry.is_folder}
    for entry in entries:
        if any(str(parent) in files for parent in PurePosixPath(entry.name).parents):
            raise bad_archive(f"{_shown(entry)} lies inside a file", code="duplicate-name")


def _check_name(entry: Entry) -> None:
    name = entry.name
    parts = name.removesuffix("/").split("/")
    if (
        any(part in ("", ".", "..") for part in parts)
        or "\\" in name
        or re.match(r"[A-Za-z]:", name)
        or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)
    ):
        raise bad_archive(f"the name {_shown(entry)} is not allowed", code="bad-name")
    if len(name.encode()) > MAX_NAME_BYTES or len(entry.raw_name) > MAX_NAME_BYTES:
        raise bad_archive(f"the name {_shown(entry)} is longer than {MAX_NAME_BYTES} bytes", code="bad-name")


def _choose(entries: list[Entry], subfolder: str) -> dict[str, Entry]:
    """Return the entries to take by their names below the chosen folder, types and numbers checked."""
    wanted = subfolder.strip("/")
    root = _single_root(entries)
    for prefix in dict.fromkeys((f"{root}{wanted}/" if wanted else root, f"{wanted}/" if wanted else root)):
        inside = {entry.name.removeprefix(prefix): entry for entry in entries if entry.name.startswith(prefix) and entry.name != prefix}
        if inside:
            break
    else:
        raise bad_archive(f"it has no folder {subfolder[:80]!r}" if wanted else "it is empty", code="not-in-archive")
    chosen = {name: entry for name, entry in inside.items() if not _is_left_out(name)}
    if len(chosen) > MAX_FILES:
        raise bad_archive(f"the plugin has more than {MAX_FILES} entries", code="too-many-files")
    for name, entry in chosen.items():
        _check_entry(name, entry)
    if sum(entry.size for entry in chosen.values()) > MAX_TOTAL_BYTES:
        raise bad_archive(f"the plugin is larger than {MAX_TOTAL_BYTES // 2**20} MiB", code="too-large")
    return chosen


def _single_root(entries: list[Entry]) -> str:
    """Return `folder/` when everything lies in one, else ""; what macOS adds does not count."""
    tops = {entry.name.split("/")[0] for entry in entries} - {"__MACOSX"}
    has_top_files = any("/" not in entry.name for entry in entries)
    return f"{tops.pop()}/" if len(tops) == 1 and not has_top_files else ""


def _is_left_out(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    return parts[0] == "__MACOSX" or not GENERATED_FOLDERS.isdisjoint(parts)


def _check_entry(name: str, entry: Entry) -> None:
    kind = stat.S_IFMT(entry.mode)
    allowed = (0, stat.S_IFDIR) if entry.is_folder else (0, stat.S_IFREG)
    if kind not in allowed or (entry.is_folder and entry.size):
        raise bad_archive(f"{_shown(entry)} is neither a plain file nor a folder", code="bad-entry-type")
    if len(name.rstrip("/").split("/")) > MAX_LEVELS:
        raise bad_archive(f"{_shown(entry)} lies deeper than {MAX_LEVELS} levels", code="too-deep")
    if entry.size > MAX_FILE_BYTES:
        raise bad_archive(f"{_shown(entry)} is larger than {MAX_FILE_BYTES // 2**20} MiB", code="too-large")
    _check_ratio(entry, entry.size)


def _check_ratio(entry: Entry, size: int) -> None:
    if size > RATIO_FROM_BYTES and size > MAX_RATIO * entry.packed_size:
        raise bad_archive(f"{_shown(entry)} unpacks to more than {MAX_RATIO} times its size", code="zip-bomb")


def _extract(file: BinaryIO, chosen: dict[str, Entry], destination: Path) -> tuple[dict[str, str], int]:
    digests: dict[str, str] = {}
    total = 0
    for name, entry in chosen.items():
        path = destination / name
        if entry.is_folder:
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        digests[name] = _write(file, entry, path)
        total += entry.size
        failpoint("file-unpacked")
    return digests, total


def _write(file: BinaryIO, entry: Entry, path: Path) -> str:
    """Write one file; its size and checksum must be those that the directory declares."""
    digest, crc, size = hashlib.sha256(), 0, 0
    rights = 0o777 if entry.mode & 0o111 else 0o666
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, rights), "wb") as target:
        for piece in _pieces(file, entry):
            size += len(piece)
            if size > entry.size:
                raise bad_archive(f"{_shown(entry)} is larger than it says", code="size-mismatch")
            _check_ratio(entry, size)
            crc = zlib.crc32(piece, crc)
            digest.update(piece)
            target.write(piece)
    if size != entry.size or crc != entry.crc:
        raise bad_archive(f"{_shown(entry)} is damaged", code="damaged")
    return digest.hexdigest()


def _pieces(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield the unpacked bytes of an entry in small pieces."""
    file.seek(entry.data_start)
    left = entry.packed_size
    inflate = None if entry.method == STORED else zlib.decompressobj(-zlib.MAX_WBITS)
    while left and (packed := file.read(min(_CHUNK, left))):
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed:
            try:
                piece = inflate.decompress(packed, _CHUNK)
            except zlib.error as error:
                raise bad_archive(f"{_shown(entry)} is damaged", code="damaged") from error
            packed = inflate.unconsumed_tail
            if piece:
                yield piece
    if inflate is not None:
        yield inflate.flush()
        if not inflate.eof or inflate.unused_data:
            raise bad_archive(f"{_shown(entry)} is damaged", code="damaged")


def _shown(entry: Entry) -> str:
    return ascii(entry.name[:80])
