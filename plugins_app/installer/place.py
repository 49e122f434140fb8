"""Puts a stored generation in the live place, and takes the live one out, with the plugin's host stopped.

Steps of `place`, each durable before the next and all of them repeatable after a crash:
1. take the live lock alone (a host that does not go is ended);
2. give stored trees their right names, move a live folder that is not ours aside;
3. mirror what the plugin wrote into the new tree;
4. exchange live and stored tree in one step where the system can, else with two renames;
5. give the old tree its own name in the store.
"""

from __future__ import annotations

import ctypes
import errno
import os
from dataclasses import dataclass
from pathlib import Path

from plugins_app.exceptions import DiskProblem
from plugins_app.failpoints import failpoint
from plugins_app.installer.files import exists, is_directory, move, sync_folder
from plugins_app.installer.generations import free_name, identify, refresh_inode, settle
from plugins_app.installer.locks import take_live_lock
from plugins_app.installer.mirror import Mirrored, mirror
from plugins_app.installer.receipts import check_generation, read_receipt
from plugins_app.package.paths import PluginPaths

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_CANNOT_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


@dataclass(frozen=True)
class Placed:
    """What place found and did; `aside` are folders and files that were in the way, for a person to decide about."""

    previous: str | None = None
    aside: tuple[Path, ...] = ()
    carried: int = 0
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True)
class Withdrawn:
    """What stood in the live place: a generation, now stored, or a folder that is not ours, now aside, or nothing."""

    generation: str | None = None
    aside: Path | None = None


def place(paths: PluginPaths, plugin_id: str, generation: str, *, carry: bool, wait: float = 5.0) -> Placed:
    """Make `generation` the live tree; `carry` mirrors what the plugin wrote. Nothing happens when it is live already."""
    check_generation(generation)
    with take_live_lock(paths.live_lock(plugin_id), wait=wait), _disk_words(plugin_id):
        failpoint("place-locked")
        settle(paths, plugin_id)
        live, stored = paths.live(plugin_id), paths.store(plugin_id) / generation
        present = identify(paths, plugin_id, live, expected=generation)
        if present == generation:
            _note_inode(paths, plugin_id, generation, live)
            return Placed()
        if not is_directory(stored) or read_receipt(paths, plugin_id, generation) is None:
            raise DiskProblem(f"The files of {plugin_id} are gone.", code="generation-missing", hint="Install the plugin again.")
        foreign = _move_foreign_aside(paths, plugin_id, present)
        done = _mirror(paths, plugin_id, present, generation) if carry and present else Mirrored()
        _swap(paths, plugin_id, generation, present)
        _note_inode(paths, plugin_id, generation, live)
        aside = (*([foreign] if foreign else []), *done.aside)
        return Placed(previous=present, aside=aside, carried=done.carried, left_behind=tuple(done.left_behind))


def withdraw(paths: PluginPaths, plugin_id: str, *, wait: float = 5.0) -> Withdrawn:
    """Take the live tree out: into the store under its own name, or aside when it is not ours."""
    with take_live_lock(paths.live_lock(plugin_id), wait=wait), _disk_words(plugin_id):
        failpoint("withdraw-locked")
        settle(paths, plugin_id)
        present = identify(paths, plugin_id, paths.live(plugin_id))
        if present is None:
            return Withdrawn(aside=_move_foreign_aside(paths, plugin_id, None))
        _store_live(paths, plugin_id, present)
        failpoint("withdrawn")
        return Withdrawn(generation=present)


def exchange(first: Path, second: Path) -> bool:
    """Exchange two paths in one step; False where kernel or file system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    names = (os.fsencode(first), os.fsencode(second))
    if libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(first))


def _move_foreign_aside(paths: PluginPaths, plugin_id: str, present: str | None) -> Path | None:
    live = paths.live(plugin_id)
    if present is not None or not exists(live):
        return None
    aside = free_name(paths.aside, plugin_id)
    move(live, aside)
    failpoint("moved-aside")
    return aside


def _mirror(paths: PluginPaths, plugin_id: str, present: str, generation: str) -> Mirrored:
    old, new = read_receipt(paths, plugin_id, present), read_receipt(paths, plugin_id, generation)
    if old is None or new is None:
        return Mirrored()
    aside = paths.aside / f"{plugin_id}-clash-{generation}"
    return mirror(paths.live(plugin_id), old, paths.store(plugin_id) / generation, new, aside=aside)


def _swap(paths: PluginPaths, plugin_id: str, generation: str, present: str | None) -> None:
    live, stored = paths.live(plugin_id), paths.store(plugin_id) / generation
    if present is None:
        move(stored, live)
    elif exchange(live, stored):
        sync_folder(live.parent)
        sync_folder(stored.parent)
        failpoint("exchanged")
        settle(paths, plugin_id)
    else:
        _store_live(paths, plugin_id, present)
        failpoint("old-stored")
        move(stored, live)
    failpoint("placed")


def _store_live(paths: PluginPaths, plugin_id: str, present: str) -> None:
    target = paths.store(plugin_id) / present
    if exists(target):
        move(target, free_name(paths.aside, plugin_id))
        failpoint("duplicate-aside")
    move(paths.live(plugin_id), target)


def _note_inode(paths: PluginPaths, plugin_id: str, generation: str, live: Path) -> None:
    receipt = read_receipt(paths, plugin_id, generation)
    if receipt is not None:
        refresh_inode(paths, receipt, live)


class _disk_words:
    """Turns what the system says while files are moved into a DiskProblem."""

    def __init__(self, plugin_id: str) -> None:
        self.plugin_id = plugin_id

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise DiskProblem(
                f"The files of {self.plugin_id} cannot be moved: {error.strerror}.",
                code="disk-full" if full else "disk",
                hint="Free some space, then try again." if full else "Check the disk and the rights on the plugin folder.",
            ) from error
