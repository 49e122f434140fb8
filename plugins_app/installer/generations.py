"""Generations: complete trees of a plugin, live or in the store, and which one a folder is.

A generation is known by its receipt, never by what stands in its folder or how the folder is called: after an exchange that was
cut short, the old tree stands under the new one's name until `settle` has renamed it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from pathlib import Path

from plugins_app.exceptions import DiskProblem
from plugins_app.failpoints import failpoint
from plugins_app.installer.files import digests_of, exists, file_digest, is_directory, is_regular, move, regular_files, sync_tree
from plugins_app.installer.receipts import Receipt, check_generation, read_receipt, receipts_of, tree_digest, write_receipt
from plugins_app.package.paths import PluginPaths

SURE_SHARE = 0.5
_EMPTY_DIGEST = hashlib.sha256(b"").hexdigest()


def new_name(operation_id: int, attempt: int) -> str:
    """Return a name that no generation had before, not even one of a database that was thrown away."""
    return f"op{operation_id}-{attempt}-{secrets.token_hex(4)}"


def store_tree(
    paths: PluginPaths,
    tree: Path,
    *,
    plugin_id: str,
    generation: str,
    version: str,
    operation: int | None,
    source: str,
    files: dict[str, str],
    archive_sha256: str = "",
    commit: str = "",
) -> Receipt:
    """Make a staged tree a stored generation: flushed, receipt written, renamed; a second call after a crash finishes the first."""
    target = paths.store(plugin_id) / check_generation(generation)
    if not is_directory(tree) and is_directory(target):
        stored = read_receipt(paths, plugin_id, generation)
        if stored is not None:
            return stored
    if not is_directory(tree):
        raise DiskProblem("The unpacked plugin is gone.", code="staging-missing", hint="Start the operation again.")
    sync_tree(tree)
    failpoint("tree-flushed")
    receipt = Receipt(
        plugin_id=plugin_id,
        generation=generation,
        version=version,
        operation=operation,
        source=source,
        archive_sha256=archive_sha256,
        tree_sha256=tree_digest(files),
        commit=commit,
        inode=tree.stat().st_ino,
        files=files,
    )
    write_receipt(paths, receipt)
    failpoint("receipt-written")
    move(tree, target)
    failpoint("tree-stored")
    return receipt


def adopt(paths: PluginPaths, folder: Path, *, plugin_id: str, version: str, generation: str = "") -> Receipt:
    """Make a hand-made folder the live generation as it stands: rename it to the id when it is called otherwise, write a receipt."""
    live = paths.live(plugin_id)
    if folder != live:
        if exists(live):
            raise DiskProblem(f"{live.name} is in use already.", code="folder-in-use", hint="Remove or rename one of the two folders.")
        move(folder, live)
        failpoint("adopted-renamed")
    files = digests_of(live)
    receipt = Receipt(
        plugin_id=plugin_id,
        generation=check_generation(generation or f"local-{secrets.token_hex(4)}"),
        version=version,
        operation=None,
        source="local",
        archive_sha256="",
        tree_sha256=tree_digest(files),
        commit="",
        inode=live.stat().st_ino,
        files=files,
    )
    write_receipt(paths, receipt)
    failpoint("adopted")
    return receipt


def identify(paths: PluginPaths, plugin_id: str, folder: Path, *, expected: str = "") -> str | None:
    """Say which generation a tree is: by inode and a shipped file being there, else by the digests of shipped files.

    Two generations with the same files can only be told apart by inode; then the `expected` one, or the one the folder is named after.
    """
    if not is_directory(folder):
        return None
    receipts = receipts_of(paths, plugin_id)
    inode = folder.stat().st_ino
    same = [receipt for receipt in receipts if receipt.inode == inode and _has_a_file(folder, receipt)]
    if len(same) == 1:
        return same[0].generation
    preferred = expected or folder.name
    scored = [(_matching(folder, receipt), receipt.generation == preferred, receipt.generation) for receipt in same or receipts]
    share, _, generation = max(scored, default=(0.0, False, ""))
    return generation if share >= SURE_SHARE or same else None


def where(paths: PluginPaths, plugin_id: str, generation: str) -> Path | None:
    """Return where a generation's tree stands: the live folder, the store, or nowhere."""
    live, stored = paths.live(plugin_id), paths.store(plugin_id) / check_generation(generation)
    if identify(paths, plugin_id, live, expected=generation) == generation:
        return live
    return stored if identify(paths, plugin_id, stored) == generation else None


def damage(paths: PluginPaths, plugin_id: str, generation: str) -> str | None:
    """Say in a sentence why a generation cannot be used; nothing when it is complete.

    A changed file is no damage (people edit, plugins write); a shipped file that is gone is, and so is emptied code.
    """
    receipt = read_receipt(paths, plugin_id, generation)
    if receipt is None:
        return "Its receipt is missing."
    tree = where(paths, plugin_id, generation)
    if tree is None:
        return "Its files are missing."
    for name, digest in receipt.files.items():
        path = tree / name
        if not is_regular(path):
            return f"{name} is missing."
        if name.endswith((".py", "manifest.json")) and digest != _EMPTY_DIGEST and path.stat().st_size == 0:
            return f"{name} is empty."
    return None


def settle(paths: PluginPaths, plugin_id: str) -> None:
    """Rename every stored tree to what its receipt says (first step of every recovery)."""
    folder = paths.store(plugin_id)
    waiting = sorted(folder.iterdir()) if folder.is_dir() else []
    while waiting:
        tree = waiting.pop()
        generation = identify(paths, plugin_id, tree)
        if generation is None or generation == tree.name:
            continue
        target = folder / generation
        if not exists(target):
            move(tree, target)
        elif identify(paths, plugin_id, target) == generation:
            move(tree, free_name(paths.aside, plugin_id))
        else:
            spare = folder / f"moving-{secrets.token_hex(4)}"
            move(target, spare)
            move(tree, target)
            waiting = [spare, *(path for path in waiting if path != target)]
        failpoint("settled")


def refresh_inode(paths: PluginPaths, receipt: Receipt, tree: Path) -> None:
    """Write a tree's inode into its receipt when it changed, as after a restored backup."""
    inode = tree.stat().st_ino
    if receipt.inode != inode:
        write_receipt(paths, replace(receipt, inode=inode))


def free_name(folder: Path, stem: str) -> Path:
    """Return a path below `folder` that nothing has yet."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while exists(path := folder / f"{stem}-{number}"):
        number += 1
    return path


def _has_a_file(folder: Path, receipt: Receipt) -> bool:
    return not receipt.files or any(is_regular(folder / name) for name in receipt.files)


def _matching(folder: Path, receipt: Receipt) -> float:
    """Return the share of shipped files that stand unchanged in a folder, and nothing without the manifest."""
    if not is_regular(folder / "manifest.json") or not receipt.files:
        return 0.0
    present = [name for name in regular_files(folder) if name in receipt.files]
    same = sum(1 for name in present if file_digest(folder / name) == receipt.files[name])
    return same / len(receipt.files)
