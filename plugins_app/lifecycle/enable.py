"""Says which plugins are wanted on the panel, and in which order; at once, without an operation."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from plugins_app import audit
from plugins_app.exceptions import BadRequest, NotFound
from plugins_app.lifecycle.requests import get_installed
from plugins_app.models import Plugin, Revision
from plugins_app.wakeup import wake_director


def set_enabled(plugin_id: str, *, enabled: bool, requested_by: str) -> Plugin:
    """Put a plugin on the panel or take it off; settings and files stay."""
    with transaction.atomic():
        plugin = get_installed(plugin_id)
        if plugin.enabled != enabled:
            plugin.enabled = enabled
            plugin.updated_at = timezone.now()
            plugin.save(update_fields=["enabled", "updated_at"])
            audit.record(requested_by, "toggle", plugin.plugin_id, enabled=enabled)
            Revision.bump("plugins")
            wake_director()
    return plugin


def set_order(plugin_ids: list[str], *, requested_by: str) -> None:
    """Put the given plugins first, in this order; the others follow as they were."""
    with transaction.atomic():
        by_id = {plugin.plugin_id.lower(): plugin for plugin in Plugin.objects.in_order()}
        first = _chosen(plugin_ids, by_id)
        rest = [plugin for plugin in by_id.values() if plugin not in first]
        for position, plugin in enumerate(first + rest):
            plugin.position = position
        Plugin.objects.bulk_update(by_id.values(), ["position"])
        audit.record(requested_by, "order", order=[plugin.plugin_id for plugin in first + rest])
        Revision.bump("plugins")
        wake_director()


def _chosen(plugin_ids: list[str], by_id: dict[str, Plugin]) -> list[Plugin]:
    keys = [plugin_id.lower() for plugin_id in plugin_ids]
    if len(set(keys)) != len(keys):
        raise BadRequest("A plugin stands twice in the order.", code="bad-order", hint="Name every plugin once.")
    unknown = [plugin_id for plugin_id in plugin_ids if plugin_id.lower() not in by_id]
    if unknown:
        raise NotFound(f"{unknown[0][:63]} is not installed.", code="not-installed", hint="Order only installed plugins.")
    return [by_id[key] for key in keys]
