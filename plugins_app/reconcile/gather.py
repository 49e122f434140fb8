"""Reads the facts of a pass from rows and folders, once."""

from __future__ import annotations

from plugins_app.installer.files import exists
from plugins_app.installer.generations import damage, where
from plugins_app.models import Operation, Plugin, Source, Tombstone
from plugins_app.operations.context import Context
from plugins_app.package.discovery import scan
from plugins_app.reconcile.facts import Facts, FolderFact, PluginFact, State


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
        tombstones=frozenset(plugin_id.lower() for plugin_id in Tombstone.objects.values_list("plugin_id", flat=True)),
        busy=busy,
    )


def plugin_fact(context: Context, plugin: Plugin, *, is_busy: bool = False) -> PluginFact:
    """Look at the files of one plugin."""
    state, detail = files_state(context, plugin)
    return PluginFact(plugin.plugin_id, plugin.source, state, detail, is_busy)


def files_state(context: Context, plugin: Plugin) -> tuple[State, str]:
    """Say how the files of a plugin are; a folder of a person's own is fine as long as it is there."""
    paths, plugin_id, active = context.paths, plugin.plugin_id, plugin.active_generation
    live = paths.live(plugin_id)
    if not exists(live):
        return State.MISSING, "Its files are gone."
    if plugin.source == Source.LOCAL:
        return State.FINE, ""
    if not active or where(paths, plugin_id, active) != live:
        return State.FOREIGN, "The folder is not the version that was installed."
    problem = damage(paths, plugin_id, active)
    return (State.DAMAGED, problem) if problem else (State.FINE, "")
