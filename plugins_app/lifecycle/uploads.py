"""Keeps uploaded archives until their operation has ended, and looks into them for the plugin's id."""

from __future__ import annotations

import contextlib
import json
import uuid
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from plugins_app.exceptions import BadRequest, PackageError
from plugins_app.installer.files import removed_on_failure
from plugins_app.installer.zipread import read_directory
from plugins_app.package.manifest import FILE_NAME, MAX_BYTES, parse_manifest

UPLOAD_LIMIT = 200 * 1024 * 1024
CHUNK = 256 * 1024


def keep_upload(file: BinaryIO, *, folder: Path) -> Path:
    """Copy an upload into a file of our own; raise BadRequest `too-large`."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{uuid.uuid4().hex}.zip"
    size = 0
    with removed_on_failure(target), open(target, "xb") as kept:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > UPLOAD_LIMIT:
                raise BadRequest("The file is larger than 200 MiB.", code="too-large", hint="Upload the plugin alone.")
            kept.write(chunk)
    return target


def id_in_archive(archive: Path) -> str:
    """Return the id in an archive's manifest, at its top or in its one folder; raise PackageError for what is no plugin."""
    with archive.open("rb") as file:
        read_directory(file)  # its limits come first: zipfile would list a million names
    try:
        with zipfile.ZipFile(archive) as opened:
            names = [name for name in opened.namelist() if name.count("/") <= 1 and name.rpartition("/")[2] == FILE_NAME]
            if not names:
                raise PackageError(
                    "The archive has no manifest.json.", code="manifest-missing", hint="Upload the folder of a plugin as a zip file."
                )
            with opened.open(min(names, key=lambda name: name.count("/"))) as member:
                data = json.loads(member.read(MAX_BYTES))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise PackageError(
            "The file is not a zip archive that can be read.", code="bad-archive", hint="Pack it again, without a password."
        ) from error
    except (ValueError, RecursionError) as error:
        raise PackageError("The manifest is not JSON.", code="manifest-invalid", hint="Correct manifest.json in the archive.") from error
    return parse_manifest(data).id


def drop_upload(path: str, *, folder: Path) -> None:
    """Delete an upload whose operation has ended; only files of our own folder."""
    with contextlib.suppress(OSError):
        if path and Path(path).parent == folder:
            Path(path).unlink(missing_ok=True)
