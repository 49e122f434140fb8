"""Finds the plugins in a folder: every direct sub-folder with a manifest, bad ones with their reason, none ever stops the others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from plugins_app.exceptions import PackageError
from plugins_app.package.manifest import FILE_NAME, Manifest, read_manifest

BACKUP_MARK = ".standalone-backup-"


@dataclass(frozen=True)
class FoundFolder:
    """One folder: its manifest, or the problem in a sentence; `signature` changes when the manifest does."""

    name: str
    path: Path
    manifest: Manifest | None
    problem: str | None
    signature: str


def scan(plugin_dir: Path) -> list[FoundFolder]:
    """List the sub-folders that have a manifest, by name; hidden ones, backups and links are not looked at."""
    found = []
    for path in sorted(plugin_dir.iterdir()) if plugin_dir.is_dir() else []:
        if path.name.startswith(".") or BACKUP_MARK in path.name or path.is_symlink() or not (path / FILE_NAME).is_file():
            continue
        found.append(_look_at(path))
    return found


def signature(folder: Path) -> str:
    """Return modification time and size of a folder's manifest as text, empty when it has none: one stat."""
    try:
        facts = (folder / FILE_NAME).stat()
    except OSError:
        return ""
    return f"{facts.st_mtime_ns}-{facts.st_size}"


def _look_at(path: Path) -> FoundFolder:
    seen = signature(path)
    try:
        return FoundFolder(path.name, path, read_manifest(path), None, seen)
    except PackageError as error:
        return FoundFolder(path.name, path, None, error.message, seen)
