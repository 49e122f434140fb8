"""What the row of a plugin takes over from its files, and how a row is kept in a tombstone and brought back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import serializers
from django.db.models import Max
from django.utils import timezone

from plugins_app.config import store as config_store
from plugins_app.models import Operation, Plugin, Tombstone
from plugins_app.package.manifest import Manifest


def describe(plugin: Plugin, manifest: Manifest, schema: dict[str, Any]) -> None:
    """Take over everything that the files say about themselves; nothing is saved."""
    plugin.name = manifest.name
    plugin.version = manifest.version
    plugin.author = manifest.author
    plugin.description = manifest.description
    plugin.category = manifest.category
    plugin.tags = list(manifest.tags)
    plugin.manifest = manifest.raw
    plugin.schema = schema
    plugin.incompatible = ""
    plugin.updated_at = timezone.now()


def end_of_order() -> int:
    """Return the position behind all plugins."""
    last = Plugin.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def kept_generations(plugin_id: str) -> set[str]:
    """Return the generations that rows need: active, previous, those an undo brings back, the one being committed."""
    kept: set[str | None] = set()
    for plugin in Plugin.objects.filter(plugin_id__iexact=plugin_id):
        kept |= {plugin.active_generation, plugin.previous_generation}
    for tombstone in Tombstone.objects.filter(plugin_id__iexact=plugin_id):
        kept |= tombstone.generations()
    for journal in Operation.objects.committed().filter(plugin_id__iexact=plugin_id).values_list("journal", flat=True):
        kept.add(journal.get("generation"))
    return {name for name in kept if name}


def snapshot_row(plugin: Plugin) -> dict[str, Any]:
    """Return the row as JSON, times to the microsecond, which Django's own JSON cuts off."""
    fields: dict[str, Any] = serializers.serialize("python", [plugin])[0]["fields"]
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}


def restore_row(plugin_id: str, snapshot: dict[str, Any]) -> Plugin:
    """Bring a row and its settings back, byte for byte, inside the caller's transaction."""
    record = {"model": "plugins_app.plugin", "pk": plugin_id, "fields": snapshot["plugin"]}
    for restored in serializers.deserialize("python", [record], ignorenonexistent=True):
        restored.save()
    plugin = Plugin.objects.get(pk=plugin_id)
    config_store.restore(plugin, snapshot.get("config") or {})
    return plugin
