"""Builds the archives that a code host would send, good ones and (entry by entry) bad ones."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

SHA = "0123456789abcdef0123456789abcdef01234567"
PLUGINS = Path(__file__).resolve().parent.parent / "plugins"
MANAGER = (
    "from src.plugin_system.base_plugin import BasePlugin\n\n\n"
    "class SamplePlugin(BasePlugin):\n"
    "    def update(self):\n        pass\n\n"
    "    def display(self, force_clear=False):\n        self.display_manager.update_display()\n"
)


def manifest(plugin_id: str = "sample", *, version: str = "1.0.0", **fields: object) -> dict[str, object]:
    """Return a complete manifest; `fields` replace or add."""
    return {
        "id": plugin_id,
        "name": plugin_id.title(),
        "version": version,
        "author": "someone",
        "description": "A sample.",
        "class_name": "SamplePlugin",
        "display_modes": [plugin_id],
        "entry_point": "manager.py",
        **fields,
    }


def plugin_files(
    plugin_id: str = "sample", *, version: str = "1.0.0", extra: Mapping[str, str | bytes] | None = None
) -> dict[str, str | bytes]:
    """Return the files of a small complete plugin."""
    return {"manifest.json": json.dumps(manifest(plugin_id, version=version)), "manager.py": MANAGER, **(extra or {})}


def sample_files(name: str) -> dict[str, str | bytes]:
    """Return the files of one of `tests/plugins`."""
    folder = PLUGINS / name
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def plugin_zip(files: Mapping[str, str | bytes], *, root: str = "repo-main", comment: str = SHA) -> bytes:
    """Return a zip as a code host makes it: everything below one folder, the commit id as its comment; `root=""` for an upload."""
    prefix = f"{root}/" if root else ""
    return raw_zip([(prefix + name, body) for name, body in files.items()], comment=comment)


def monorepo_zip(plugins: Mapping[str, Mapping[str, str | bytes]], *, root: str = "ledmatrix-plugins-main", comment: str = SHA) -> bytes:
    """Return a zip of a repository with one folder a plugin below `plugins/`."""
    files = {f"plugins/{name}/{path}": body for name, content in plugins.items() for path, body in content.items()}
    return plugin_zip({"README.md": "All of them.\n", **files}, root=root, comment=comment)


def raw_zip(
    entries: list[tuple[str | zipfile.ZipInfo, str | bytes]], *, comment: str = "", compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a zip of exactly these entries, whatever their names are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, body in entries:
            archive.writestr(name, body)
        archive.comment = comment.encode()
    return buffer.getvalue()


def make_tree(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder and return it."""
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body.encode() if isinstance(body, str) else body)
    return folder
