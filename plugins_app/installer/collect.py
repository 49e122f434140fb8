"""Removes what nothing needs any more: renamed into the trash first, so that a half deleted tree is never taken for a whole one."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import stat
from pathlib import Path

from plugins_app.failpoints import failpoint
from plugins_app.installer.files import exists, move
from plugins_app.installer.generations import identify, settle
from plugins_app.installer.previews import AHEAD, OFFERED
from plugins_app.installer.receipts import forget_receipt, generations_of
from plugins_app.package.paths import PluginPaths


def collect(paths: PluginPaths, plugin_id: str, *, keep: set[str]) -> list[Path]:
    """Remove stored generations and receipts of a plugin but those to `keep` and the live one; return trash that cannot be deleted."""
    settle(paths, plugin_id)
    live = identify(paths, plugin_id, paths.live(plugin_id))
    kept = keep | ({live} if live else set())
    folder = paths.store(plugin_id)
    for tree in sorted(folder.iterdir()) if folder.is_dir() else []:
        if tree.name not in kept:
            throw_away(paths, tree)
            failpoint("collected")
    for generation in generations_of(paths, plugin_id):
        if generation not in kept:
            forget_receipt(paths, plugin_id, generation)
            failpoint("receipt-forgotten")
    pictures = paths.previews(plugin_id)
    for entry in sorted(pictures.iterdir()) if pictures.is_dir() else []:
        if entry.name not in kept and not entry.name.startswith(AHEAD if live else (AHEAD, OFFERED)):
            throw_away(paths, entry)
    _remove_empty(folder)
    _remove_empty(paths.receipts(plugin_id))
    _remove_empty(pictures)
    return empty_trash(paths)


def drop_staging(paths: PluginPaths, *, keep: set[str]) -> list[Path]:
    """Remove staging folders but those named; return trash that cannot be deleted."""
    for folder in sorted(paths.staging.iterdir()) if paths.staging.is_dir() else []:
        if folder.name not in keep:
            throw_away(paths, folder)
            failpoint("staging-dropped")
    return empty_trash(paths)


def throw_away(paths: PluginPaths, path: Path) -> None:
    """Move something of ours into the trash; nothing happens when it is gone already."""
    if exists(path):
        move(path, paths.trash / f"{secrets.token_hex(6)}")


def empty_trash(paths: PluginPaths) -> list[Path]:
    """Delete what is in the trash; return what cannot be deleted (it is reported, not raised)."""
    entries = sorted(paths.trash.iterdir()) if paths.trash.is_dir() else []
    for entry in entries:
        _delete(entry)
    return [entry for entry in entries if exists(entry)]


def _delete(path: Path) -> None:
    """Delete a tree, what its plugin made unwritable included; what still cannot be deleted stays and is reported."""
    if path.is_symlink() or not path.is_dir():
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(path)
    except OSError:
        _make_writable(path)
        shutil.rmtree(path, ignore_errors=True)


def _make_writable(tree: Path) -> None:
    """Give the owner back all rights on the folders of a tree, from the top down so that each can be listed."""
    waiting = [tree]
    while waiting:
        folder = waiting.pop()
        with contextlib.suppress(OSError):
            folder.chmod(stat.S_IRWXU)
            waiting += [entry for entry in folder.iterdir() if entry.is_dir() and not entry.is_symlink()]


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
