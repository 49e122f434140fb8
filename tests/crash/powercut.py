"""Makes of a killed process what a power cut would leave: the last changes of names never happened, unflushed files are empty or cut.

The model is that of a journalled file system: names change in order, and flushing a folder makes every change up to its last one
permanent; what a file contains is certain only once that file was flushed. Of the database's log everything after the last commit
with `synchronous=FULL` may be missing.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path
from typing import Any

Event = dict[str, Any]


def cut(folder: Path, *, plugin_dir: Path, database: Path, dice: random.Random) -> str:
    """Apply one power cut to what stands on the disk now; say in words what was lost."""
    events = [json.loads(line) for line in (folder / "log").read_text().splitlines()]
    certain = {inode for event in events for inode in _flushed_files(event)}
    changes = [event for event in events if event["op"] in _UNDO]
    first_loose = _first_loose(events)
    stays = dice.choice((first_loose, dice.randint(first_loose, len(changes))))
    for event in reversed(changes[stays:]):
        if new := _UNDO[event["op"]](folder, event):
            certain |= {new} if event.get("inode") in certain else set()
    spoiled = _spoil(plugin_dir, certain, dice)
    lost = _cut_database(database, events, dice)
    return f"{len(changes) - stays} of {len(changes)} changes, {spoiled} files, {lost} bytes of the database's log"


def _flushed_files(event: Event) -> list[int]:
    if event["op"] == "start":
        return list(event["files"])
    return [event["inode"]] if event["op"] == "sync" and not event["is_folder"] else []


def _first_loose(events: list[Event]) -> int:
    """Return how many changes are permanent."""
    touched: dict[str, int] = {}
    count = permanent = 0
    for event in events:
        if event["op"] == "sync" and event["is_folder"]:
            permanent = max(permanent, touched.get(event["path"], 0))
        elif event["op"] in _UNDO:
            count += 1
            for name in (event["path"], event.get("target")):
                if name:
                    touched[os.path.dirname(name)] = count
    return permanent


def _undo_create(folder: Path, event: Event) -> None:
    Path(event["path"]).unlink(missing_ok=True)


def _undo_mkdir(folder: Path, event: Event) -> None:
    shutil.rmtree(event["path"], ignore_errors=True)


def _undo_rmdir(folder: Path, event: Event) -> None:
    Path(event["path"]).mkdir(exist_ok=True)


def _undo_unlink(folder: Path, event: Event) -> int | None:
    return _bring_back(folder, event, Path(event["path"]))


def _undo_rename(folder: Path, event: Event) -> int | None:
    target = Path(event["target"])
    if os.path.lexists(target):
        target.rename(event["path"])
    if "kept" in event and event["kept"] is None:
        target.mkdir(exist_ok=True)
        return None
    return _bring_back(folder, event, target)


def _undo_exchange(folder: Path, event: Event) -> None:
    first, second = Path(event["path"]), Path(event["target"])
    spare = first.with_name(".exchanging")
    first.rename(spare)
    second.rename(first)
    spare.rename(second)


def _bring_back(folder: Path, event: Event, path: Path) -> int | None:
    if "link" in event:
        path.symlink_to(event["link"])
    if "kept" not in event:
        return None
    shutil.copyfile(folder / event["kept"], path)
    path.chmod(event["mode"])
    return path.stat().st_ino


_UNDO = {
    "create": _undo_create,
    "empty": _undo_unlink,
    "mkdir": _undo_mkdir,
    "rmdir": _undo_rmdir,
    "unlink": _undo_unlink,
    "rename": _undo_rename,
    "exchange": _undo_exchange,
}


def _spoil(plugin_dir: Path, certain: set[int], dice: random.Random) -> int:
    """Empty or cut files that were never flushed; a third of them were lucky."""
    spoiled = 0
    for path in sorted(plugin_dir.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.stat().st_ino in certain:
            continue
        size = path.stat().st_size
        left = dice.choice((0, size // 2, size))
        if left < size:
            os.truncate(path, left)
            spoiled += 1
    return spoiled


def _cut_database(database: Path, events: list[Event], dice: random.Random) -> int:
    wal = Path(f"{database}-wal")
    Path(f"{database}-shm").unlink(missing_ok=True)
    if not wal.exists():
        return 0
    size = wal.stat().st_size
    certain = max((event["wal"] for event in events if event["op"] in ("start", "commit")), default=0)
    left = dice.choice((min(certain, size), dice.randint(min(certain, size), size)))
    os.truncate(wal, left)
    return size - left
