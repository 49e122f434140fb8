"""What has to be so whenever recovery has run (I1 to I7), and a picture of everything, to compare (I8, I9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core import serializers
from django.db import connection

from plugins_app.installer.files import digests_of
from plugins_app.installer.generations import damage, where
from plugins_app.installer.receipts import generations_of
from plugins_app.lifecycle.rows import kept_generations
from plugins_app.models import Issue, Operation, Plugin, PluginConfig, PluginSecret, Probation, Release, RepairVerdict, Tombstone
from plugins_app.operations.context import Context
from plugins_app.package.paths import PluginPaths


def violations(context: Context) -> list[str]:
    """Return every invariant that does not hold, in words."""
    paths = context.paths
    ids = set(Plugin.objects.values_list("plugin_id", flat=True))
    return [
        *(problem for plugin in Plugin.objects.all() for problem in _generation(paths, plugin)),
        *(f"I2 folders {sorted(_live(paths))} are not the rows {sorted(ids)}" for _ in range(1) if _live(paths) != ids),
        *_configs(ids),
        *(f"I4 {plugin_id} has row and tombstone" for plugin_id in ids & set(Tombstone.objects.values_list("plugin_id", flat=True))),
        *debris(paths),
        *open_operations(),
        *trouble_in_database(),
    ]


def picture(context: Context) -> dict[str, Any]:
    """Return rows and files as values that can be compared."""
    folders = {name: digests_of(context.paths.plugin_dir / name) for name in sorted(_live(context.paths))}
    rows = {
        model.__name__: serializers.serialize("python", model.objects.order_by("pk"))
        for model in (Plugin, PluginConfig, PluginSecret, Tombstone, RepairVerdict, Probation)
    }
    refused = Release.objects.exclude(refused_at=None).order_by("plugin_id", "version")
    issues = Issue.objects.filter(resolved_at=None).order_by("kind", "subject")
    rows["refused"] = list(refused.values_list("plugin_id", "version", "refused_reason"))
    rows["issues"] = list(issues.values_list("kind", "subject"))
    private = context.paths.private
    kept = sorted(str(path.relative_to(private)) for name in ("store", "receipts", "aside") for path in (private / name).glob("*/*"))
    return {"folders": folders, "kept": kept, **{name: str(value) for name, value in rows.items()}}


def _generation(paths: PluginPaths, plugin: Plugin) -> list[str]:
    plugin_id, active, previous = plugin.plugin_id, plugin.active_generation, plugin.previous_generation
    found = []
    if plugin.missing or not active or where(paths, plugin_id, active) != paths.live(plugin_id):
        found.append(f"I1 the active generation {active} of {plugin_id} is not live")
    elif problem := damage(paths, plugin_id, active):
        found.append(f"I1 {plugin_id} is not complete: {problem}")
    if previous and where(paths, plugin_id, previous) != paths.store(plugin_id) / previous:
        found.append(f"I1 the previous generation {previous} of {plugin_id} is not in the store")
    return found


def _live(paths: PluginPaths) -> set[str]:
    return {entry.name for entry in paths.plugin_dir.iterdir() if entry != paths.private}


def _configs(ids: set[str]) -> list[str]:
    found = set(PluginConfig.objects.values_list("plugin_id", flat=True))
    strays = set(PluginSecret.objects.values_list("plugin_id", flat=True)) - ids
    return [f"I3 settings of {sorted(found)}, secrets of {sorted(strays)}, rows {sorted(ids)}"] if found != ids or strays else []


def open_operations() -> list[str]:
    """I6: nothing is left half done."""
    return [f"I6 {operation} is open in phase {operation.phase}" for operation in Operation.objects.open()]


def debris(paths: PluginPaths) -> list[str]:
    """I5: nothing lies about that no row needs."""
    found = [f"I5 left over: {path}" for folder in (paths.staging, paths.trash, paths.aside) for path in folder.iterdir()]
    for folder in _folders(paths.private / "store"):
        kept = kept_generations(folder.name)
        found += [f"I5 nobody needs {tree}" for tree in folder.iterdir() if tree.name not in kept]
    for folder in _folders(paths.private / "receipts"):
        kept = kept_generations(folder.name)
        found += [f"I5 nobody needs the receipt {name}" for name in generations_of(paths, folder.name) if name not in kept]
    return found


def _folders(parent: Path) -> list[Path]:
    return list(parent.iterdir()) if parent.is_dir() else []


def trouble_in_database() -> list[str]:
    """I7: the database is whole."""
    with connection.cursor() as cursor:
        integrity = cursor.execute("PRAGMA integrity_check").fetchall()
        foreign = cursor.execute("PRAGMA foreign_key_check").fetchall()
    return [f"I7 {integrity} {foreign}"] if integrity != [("ok",)] or foreign else []
