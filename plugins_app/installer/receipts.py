"""Receipts: what a generation is, written down outside its tree, durably, before the tree enters the store."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from plugins_app.installer.files import sync_folder, write_durably
from plugins_app.package.paths import PluginPaths

logger = logging.getLogger(__name__)

_NAME = re.compile(r"[a-z]{1,12}[0-9a-z]*(?:-[0-9a-z]{1,20}){0,4}")
_MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Receipt:
    """One generation: where it came from, its shipped files with their SHA-256, and the inode of its directory."""

    plugin_id: str
    generation: str
    version: str
    operation: int | None
    source: str
    archive_sha256: str
    tree_sha256: str
    commit: str
    inode: int
    files: dict[str, str] = field(repr=False)


def check_generation(name: str) -> str:
    """Return a generation's name when it is one of ours; ValueError keeps everything else out of paths."""
    if len(name) > 80 or not _NAME.fullmatch(name):
        raise ValueError(f"not a generation: {name[:80]!r}")
    return name


def tree_digest(files: dict[str, str]) -> str:
    """Return one SHA-256 over names and digests of all shipped files."""
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def write_receipt(paths: PluginPaths, receipt: Receipt) -> None:
    """Write a receipt durably; one of the same name is replaced."""
    body = json.dumps({"format": 1, **asdict(receipt)}, indent=1, sort_keys=True).encode()
    write_durably(_path(paths, receipt.plugin_id, receipt.generation), body)
    sync_folder(paths.receipts(receipt.plugin_id).parent)


def read_receipt(paths: PluginPaths, plugin_id: str, generation: str) -> Receipt | None:
    """Return a receipt, or nothing when there is none that can be read."""
    path = _path(paths, plugin_id, generation)
    try:
        with open(path, "rb") as file:
            data = json.loads(file.read(_MAX_BYTES))
        return _parse(data, plugin_id, generation)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("The receipt %s cannot be read: %s", path, error)
        return None


def generations_of(paths: PluginPaths, plugin_id: str) -> list[str]:
    """List the generations that have a receipt."""
    folder = paths.receipts(plugin_id)
    names = [path.stem for path in folder.glob("*.json")] if folder.is_dir() else []
    return sorted(name for name in names if _NAME.fullmatch(name))


def receipts_of(paths: PluginPaths, plugin_id: str) -> list[Receipt]:
    """Read every receipt of a plugin."""
    found = (read_receipt(paths, plugin_id, name) for name in generations_of(paths, plugin_id))
    return [receipt for receipt in found if receipt is not None]


def forget_receipt(paths: PluginPaths, plugin_id: str, generation: str) -> None:
    """Remove a receipt; nothing happens when there is none."""
    _path(paths, plugin_id, generation).unlink(missing_ok=True)
    if paths.receipts(plugin_id).is_dir():
        sync_folder(paths.receipts(plugin_id))


def _path(paths: PluginPaths, plugin_id: str, generation: str) -> Path:
    return paths.receipts(plugin_id) / f"{check_generation(generation)}.json"


def _parse(data: dict[str, object], plugin_id: str, generation: str) -> Receipt:
    files, operation = data["files"], data["operation"]
    if data["plugin_id"] != plugin_id or data["generation"] != generation or not isinstance(files, dict):
        raise ValueError("it belongs to another generation")
    return Receipt(
        plugin_id=plugin_id,
        generation=generation,
        version=str(data["version"]),
        operation=operation if isinstance(operation, int) else None,
        source=str(data["source"]),
        archive_sha256=str(data["archive_sha256"]),
        tree_sha256=str(data["tree_sha256"]),
        commit=str(data["commit"]),
        inode=int(str(data["inode"])),
        files={str(name): str(digest) for name, digest in files.items()},
    )
