"""Carries what a plugin wrote into the tree that replaces its own: copies what it has, removes what it deleted.

What a plugin wrote are the plain files that its receipt does not name (of an adopted folder: all that is not code and that the new tree
does not ship); generated folders and links never count. Shipped files win:
what stands in their way is kept aside. Every step may be cut short and run again.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from plugins_app.failpoints import failpoint
from plugins_app.installer.files import CHUNK, exists, is_directory, is_regular, regular_files, removed_on_failure, sync_folder
from plugins_app.installer.generations import where
from plugins_app.installer.receipts import Receipt, read_receipt
from plugins_app.package.paths import PluginPaths

logger = logging.getLogger(__name__)

CARRY_LIMIT = 64 * 1024 * 1024
_TEMPORARY = ".ledsite-copy-"


@dataclass
class Mirrored:
    """What a mirror run did: bytes carried, names that clashed (now aside) and names that could not be carried."""

    carried: int = 0
    aside: list[Path] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)


def measure_written(paths: PluginPaths, plugin_id: str, generation: str) -> int:
    """Return how many bytes a mirror of a generation would copy; to be held against CARRY_LIMIT before a commit."""
    receipt, tree = read_receipt(paths, plugin_id, generation), where(paths, plugin_id, generation)
    if receipt is None or tree is None:
        return 0
    return sum((tree / name).lstat().st_size for name in written_files(tree, receipt))


def written_files(tree: Path, receipt: Receipt) -> list[str]:
    """List the plain files of a tree that were not shipped."""
    return [name for name in regular_files(tree) if name not in receipt.files and not PurePosixPath(name).name.startswith(_TEMPORARY)]


def mirror(source: Path, source_receipt: Receipt, target: Path, target_receipt: Receipt, *, aside: Path) -> Mirrored:
    """Make the written files of `target` those of `source`; `aside` receives what clashes with a shipped file."""
    done = Mirrored()
    wanted = [*written_files(source, source_receipt), *_of_unknown_origin(source, source_receipt, target_receipt)]
    _remove_deleted(target, target_receipt, frozenset(wanted))
    failpoint("mirror-removed")
    for name in wanted:
        _carry(source, target, target_receipt, name, done, aside)
    failpoint("mirrored")
    return done


def _of_unknown_origin(source: Path, receipt: Receipt, target: Receipt) -> list[str]:
    """List what may be data of a folder that was adopted as it stood: its receipt cannot tell shipped from written files."""
    if receipt.source != "local":
        return []
    return [name for name in receipt.files if name not in target.files and not name.endswith(".py") and is_regular(source / name)]


def _remove_deleted(target: Path, receipt: Receipt, wanted: frozenset[str]) -> None:
    """Remove what an earlier run or an earlier life of the tree left and the plugin does not have any more."""
    for name in list(regular_files(target)):
        if name not in receipt.files and name not in wanted:
            (target / name).unlink()
            sync_folder((target / name).parent)


def _carry(source: Path, target: Path, receipt: Receipt, name: str, done: Mirrored, aside: Path) -> None:
    blocked = _is_blocked(target, receipt, name)
    goal = aside / name if blocked else target / name
    try:
        size = (source / name).lstat().st_size
        if done.carried + size > CARRY_LIMIT:
            done.left_behind.append(name)
            return
        _copy(source / name, goal, base=aside if blocked else target)
    except PermissionError:
        logger.warning("%s cannot be read and is not carried over", source / name)
        done.left_behind.append(name)
        return
    done.carried += size
    if blocked:
        done.aside.append(goal)
    failpoint("mirror-copied")


def _is_blocked(target: Path, receipt: Receipt, name: str) -> bool:
    """Tell whether a shipped file, or something else than a folder on the way, stands where the file would go."""
    if name in receipt.files or is_directory(target / name):
        return True
    return any(exists(target / parent) and not is_directory(target / parent) for parent in PurePosixPath(name).parents)


def _copy(source: Path, goal: Path, *, base: Path) -> None:
    """Copy one plain file under a temporary name, flush it, rename it; mode and times stay."""
    _make_folders(goal.parent, base)
    temporary = goal.with_name(f"{_TEMPORARY}{secrets.token_hex(4)}")
    with removed_on_failure(temporary):
        with open(os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as reader:
            facts = os.fstat(reader.fileno())
            with open(temporary, "xb") as writer:
                shutil.copyfileobj(reader, writer, CHUNK)
                writer.flush()
                os.fchmod(writer.fileno(), facts.st_mode & 0o777)
                os.utime(writer.fileno(), ns=(facts.st_atime_ns, facts.st_mtime_ns))
                os.fsync(writer.fileno())
        temporary.replace(goal)
    sync_folder(goal.parent)


def _make_folders(folder: Path, base: Path) -> None:
    """Create folders down from `base`, each made durable in the one above it."""
    if folder == base:
        folder.mkdir(parents=True, exist_ok=True)
        return
    if not folder.is_dir():
        _make_folders(folder.parent, base)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)
