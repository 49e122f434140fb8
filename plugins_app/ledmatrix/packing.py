"""Packs the folder of a plugin into a zip, as its owner would to upload it (pure)."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from plugins_app.exceptions import DiskProblem, PackageError

LEFT_OUT = frozenset(("__pycache__", ".git", ".github", ".deps", ".venv", "venv", "node_modules", ".pytest_cache"))
MOST_FILES = 2000
MOST_BYTES = 200 * 1024 * 1024
_SAME_TIME = (2020, 1, 1, 0, 0, 0)


def pack_folder(folder: Path, target: BinaryIO) -> None:
    """Write the plain files of a folder into a zip; raise PackageError `too-large`, DiskProblem when one cannot be read."""
    total = count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in plain_files(folder):
            count, total = count + 1, total + path.stat().st_size
            if count > MOST_FILES or total > MOST_BYTES:
                raise PackageError(
                    f"The folder {folder.name} holds more than {MOST_FILES} files or {MOST_BYTES // 2**20} MiB.",
                    code="too-large",
                    hint="Take what is no part of the plugin out of a copy of it, and upload that.",
                )
            _add(archive, path, path.relative_to(folder).as_posix())


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise DiskProblem(
            f"{path} cannot be read: {error.strerror}.", code="folder-unreadable", hint="Let this user read the folder."
        ) from error
    archive.writestr(zipfile.ZipInfo(name, _SAME_TIME), body, zipfile.ZIP_DEFLATED)


def plain_files(folder: Path) -> Iterator[Path]:
    """List the files of a plugin's folder, without links, caches and what tools leave."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in sorted(files):
            path = Path(place) / name
            if not name.endswith(".pyc") and stat.S_ISREG(path.lstat().st_mode):
                yield path
