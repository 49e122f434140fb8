"""The rest of a plugin's life in the running product: updated, rolled back, removed; nothing may be left of it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tests.fakes.hub import Hub
from tests.fakes.product import Product, wait_for

UPDATED = "hello-world"
NEWER = "99.0.0"
KEPT = {"locks", "store", "receipts", "static"}  # lock files stay, trees and receipts of removed plugins are kept for undo


def live_and_die(product: Product, hub: Hub, plugin_ids: list[str], say: Callable[[str], None]) -> None:
    """Update and roll back one plugin, remove all, and say what is left."""
    if UPDATED in plugin_ids:
        _update_and_roll_back(product, hub, say)
    for plugin_id in plugin_ids:
        started = time.monotonic()
        operation = product.operate("plugins/uninstall", {"plugin_id": plugin_id}, seconds=60)
        taken = time.monotonic() - started
        if operation["status"] != "succeeded" or operation["warnings"] or taken > 2:
            say(f"uninstall {plugin_id}: {operation['status']} in {taken:.1f} s {operation['error'] or ''} {operation['warnings'] or ''}")
    say(f"removed {len(plugin_ids)}; rows left: {[row['id'] for row in product.get('plugins/installed')['results']]}")
    operation = product.operate("plugins/state/reconcile", {"force": True})
    say(f"reconciled: {operation['status']} {operation['error'] or ''} {product.get('plugins/state/reconcile')}")
    _look_for_traces(product, plugin_ids, say)


def _update_and_roll_back(product: Product, hub: Hub, say: Callable[[str], None]) -> None:
    assert hub.plugins is not None
    before = (product.plugin(UPDATED) or {})["version"]
    newer = product.folder / "newer"
    shutil.copytree(hub.plugins / UPDATED, newer / UPDATED)
    manifest = newer / UPDATED / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | {"version": NEWER}))
    registry = json.loads(hub.registry)
    entry = next(entry for entry in registry["plugins"] if entry["id"] == UPDATED)
    entry["latest_version"] = NEWER
    hub.set_registry(registry)
    repository = hub.repositories["/".join(entry["repo"].split("/")[-2:])]
    repository.roots[entry.get("plugin_path") or ""] = newer / UPDATED
    for path, version in (("update", NEWER), ("rollback", before)):
        if path == "update":
            product.operate("plugins/store/refresh", {"force": True})
            say(f"update offered: {(product.plugin(UPDATED) or {})['update_available']}")
        started = time.monotonic()
        operation = product.operate(f"plugins/{path}", {"plugin_id": UPDATED})
        done = time.monotonic() - started
        row = product.plugin(UPDATED) or {}
        wait_for(lambda: (product.plugin(UPDATED) or {}).get("status") in ("ready", "showing"), what=f"{UPDATED} after {path}")
        taken = time.monotonic() - started
        outcome = f"{operation['status']} {operation['error'] or ''}"
        say(f"{path} {UPDATED}: {outcome} in {done:.1f} s, runs {taken:.1f} s; {row['version']} ({version})")


def _look_for_traces(product: Product, plugin_ids: list[str], say: Callable[[str], None]) -> None:
    root = product.folder / "root"
    found: list[str] = []

    def search() -> bool:
        folders = [root, product.folder / "run", product.folder / "var"]
        named = [path for folder in folders for path in folder.rglob("*") if _belongs(path, plugin_ids)]
        found[:] = [str(path.relative_to(product.folder)) for path in named if not KEPT.intersection(path.parts)]
        return not found

    try:
        wait_for(search, seconds=15)
    except AssertionError:
        say(f"left on the disk: {found[:40]}")
    hosts = [name for name in product.status()["processes"] if name.startswith("host ") and not name.startswith("host ledsite-")]
    used = sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    folders = sorted(path.name for path in (root / "plugin-repos").iterdir())
    say(f"hosts left: {hosts or 'none'}; runtime root {used / 2**20:.1f} MB: {folders}")


def _belongs(path: Path, plugin_ids: list[str]) -> bool:
    return any(path.name == plugin_id or path.name.startswith((f"{plugin_id}.", f"{plugin_id}-")) for plugin_id in plugin_ids)
