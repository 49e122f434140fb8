"""Reads the facts of a pass from rows and folders, once."""

from __future__ import annotations

from pathlib import Path

from plugins_app.config import store as config_store
from plugins_app.exceptions import PackageError
from plugins_app.installer.files import GENERATED_FOLDERS, exists, is_directory
from plugins_app.installer.generations import damage, where
from plugins_app.installer.receipts import read_receipt
from plugins_app.lifecycle.migrating import refused_values
from plugins_app.models import Operation, OperationStatus, Plugin, Source, Tombstone
from plugins_app.operations.context import Context
from plugins_app.package.discovery import scan
from plugins_app.package.manifest import read_manifest
from plugins_app.reconcile.facts import Facts, FolderFact, PluginFact, State, StuckFact


def gather(context: Context) -> Facts:
    """Read rows and folders; only this function of the room looks at all of them."""
    busy = frozenset(plugin_id.lower() for plugin_id in Operation.objects.open().exclude(plugin_id="").values_list("plugin_id", flat=True))
    plugins = list(Plugin.objects.all())
    known = {plugin.plugin_id.lower() for plugin in plugins}
    folders = [
        FolderFact(name=found.name, manifest_id=found.manifest.id if found.manifest else "", problem=found.problem or "")
        for found in scan(context.paths.plugin_dir)
        if found.name.lower() not in known
    ]
    return Facts(
        plugins=tuple(plugin_fact(context, plugin, is_busy=plugin.plugin_id.lower() in busy) for plugin in plugins),
        folders=tuple(folders),
        leftovers=tuple(sorted(_leftovers(context.paths.plugin_dir, known))),
        stuck=tuple(_stuck()),
        tombstones=frozenset(plugin_id.lower() for plugin_id in Tombstone.objects.values_list("plugin_id", flat=True)),
        busy=busy,
    )


def plugin_fact(context: Context, plugin: Plugin, *, is_busy: bool = False) -> PluginFact:
    """Look at the files and the settings of one plugin."""
    state, detail = files_state(context, plugin)
    refused = "" if is_busy or state in (State.MISSING, State.DAMAGED) else _refused_settings(plugin)
    return PluginFact(plugin.plugin_id, plugin.source, state, detail, refused, is_busy)


def files_state(context: Context, plugin: Plugin) -> tuple[State, str]:
    """Say how the files of a plugin are; a folder of a person's own is fine as long as it is there."""
    paths, plugin_id, active = context.paths, plugin.plugin_id, plugin.active_generation
    live = paths.live(plugin_id)
    if not exists(live):
        return State.MISSING, "Its files are gone."
    if plugin.source == Source.LOCAL:
        return State.FINE, ""
    receipt = read_receipt(paths, plugin_id, active) if active else None
    if receipt is None and _version_of(live, plugin_id):
        return State.NO_RECEIPT, "Nothing tells where its files came from: the receipt is gone."
    if not active or where(paths, plugin_id, active) != live:
        return State.FOREIGN, "The folder is not the version that was installed."
    if problem := damage(paths, plugin_id, active):
        return State.DAMAGED, problem
    version = _version_of(live, plugin_id)
    if receipt is not None and version and version != receipt.version:
        return State.OTHER_VERSION, f"Its files say version {version}, installed was {receipt.version}."
    return State.FINE, ""


def has_own_manifest(folder: Path, plugin_id: str) -> bool:
    """Tell whether a folder is a plugin of that id, wherever it came from."""
    return bool(_version_of(folder, plugin_id))


def _version_of(folder: Path, plugin_id: str) -> str:
    """Return the version in a folder's manifest, empty when that is not a manifest of this plugin."""
    try:
        manifest = read_manifest(folder)
    except PackageError:
        return ""
    return manifest.version if manifest.id == plugin_id else ""


def _refused_settings(plugin: Plugin) -> str:
    problems = refused_values(config_store.snapshot(plugin), plugin.schema)
    return " ".join(f"{problem.path}: {problem.message}" for problem in problems[:3])


def _leftovers(plugin_dir: Path, known: set[str]) -> list[str]:
    """Find folders in which nothing is left but packages that were installed for a plugin."""
    found = []
    for folder in plugin_dir.iterdir():
        if folder.name.startswith(".") or folder.name.lower() in known or not is_directory(folder):
            continue
        names = {entry.name for entry in folder.iterdir()}
        if ".deps" in names and names <= GENERATED_FOLDERS - {".git"}:
            found.append(folder.name)
    return found


def _stuck() -> list[StuckFact]:
    committed = Operation.objects.committed().filter(status=OperationStatus.QUEUED).exclude(error_code="").exclude(plugin_id="")
    return [StuckFact(operation.plugin_id, operation.kind, operation.error_message) for operation in committed.order_by("pk")]
