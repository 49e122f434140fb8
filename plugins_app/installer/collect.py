"""Removes what nothing needs any more: renamed into the trash first, so that a half deleted tree is never taken for a whole one."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from plugins_app.failpoints import failpoint
from plugins_app.installer.files import exists, move
from plugins_app.installer.generations import identify, settle
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
    _remove_empty(folder)
    _remove_empty(paths.receipts(plugin_id))
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
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    shutil.rmtree(path, onerror=_make_writable_and_retry)


def _make_writable_and_retry(function: Callable[[str], object], name: str, _: object) -> None:
    """Delete what a plugin made unwritable; what still cannot be deleted stays and is reported."""
    try:
        for path in (Path(name).parent, Path(name)):
            if not path.is_symlink() and path.is_dir():
                path.chmod(path.stat().st_mode | stat.S_IRWXU)
        if function in (os.unlink, os.rmdir):
            function(name)
        else:
            shutil.rmtree(name, ignore_errors=True)
    except OSError:
        return


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
