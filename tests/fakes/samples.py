"""A registry of sample plugins made of tests/plugins/hello: the same plugin under several ids."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

HELLO = Path(__file__).resolve().parents[1] / "plugins" / "hello"
REPOSITORY = "https://github.com/example/plugins"


def copy_plugin(folder: Path, plugin_id: str, *, version: str = "1.0.0", code: str = "") -> Path:
    """Write hello under another id into `folder/plugins/<id>`; `code` is put in front of its module."""
    target = folder / "plugins" / plugin_id
    shutil.copytree(HELLO, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    manifest = json.loads((target / "manifest.json").read_text())
    manifest |= {"id": plugin_id, "name": plugin_id.title(), "version": version, "display_modes": [plugin_id]}
    (target / "manifest.json").write_text(json.dumps(manifest))
    module = target / "manager.py"
    module.write_text(f"{code}\n{(HELLO / 'manager.py').read_text()}")
    return target


def entry(plugin_id: str, *, version: str = "1.0.0", **facts: Any) -> dict[str, Any]:
    """Return the registry's entry for a plugin of the sample repository."""
    return {
        "id": plugin_id,
        "name": plugin_id.title(),
        "description": f"Says hello as {plugin_id}",
        "author": "somebody",
        "category": "demo",
        "tags": ["text"],
        "repo": REPOSITORY,
        "branch": "main",
        "plugin_path": f"plugins/{plugin_id}",
        "latest_version": version,
        "stars": 3,
        "last_updated": "2026-05-15",
        "verified": True,
        "screenshot": "",
        **facts,
    }


def sample_registry(folder: Path, *, ids: tuple[str, ...] = ("alpha", "beta", "gamma", "delta")) -> tuple[dict[str, Any], Path]:
    """Write plugins into a folder laid out as a monorepo and return the registry that lists them, and the folder."""
    for plugin_id in ids:
        copy_plugin(folder, plugin_id)
    copy_plugin(folder, "broken", code="raise RuntimeError('broken by its author')")
    copy_plugin(folder, "liar")
    manifest = folder / "plugins" / "liar" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"id": "liar"', '"id": "display"'))
    return {
        "version": "1.0.0",
        "last_updated": "2026-06-02",
        "plugins": [entry(name) for name in (*ids, "broken", "liar")],
    }, folder / "plugins"


def extras_registry(folder: Path) -> tuple[dict[str, Any], Path]:
    """Write the plugins that offer more than settings, the album and the tools, and return their registry and the folder."""
    for plugin_id in ("album", "tools"):
        shutil.copytree(HELLO.parent / plugin_id, folder / "plugins" / plugin_id)
    registry = {"version": "1.0.0", "last_updated": "2026-06-02", "plugins": [entry("album"), entry("tools")]}
    return registry, folder / "plugins"
