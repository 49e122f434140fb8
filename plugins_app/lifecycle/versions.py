"""Which versions of an installed plugin can be had: what its registry offers, and what is kept here for a rollback; no request is made."""

from __future__ import annotations

from typing import Any

from plugins_app.exceptions import NotFound
from plugins_app.installer.receipts import read_receipt
from plugins_app.lifecycle.requests import get_installed, registry_id_of, registry_of
from plugins_app.models import Plugin, Release, Source
from plugins_app.operations.context import current_context
from plugins_app.store.catalogue import find_entry
from plugins_app.store.releases import OfferedVersion, offered_versions


def versions_of(plugin_id: str) -> dict[str, Any]:
    """Return `{plugin_id, name, installed, previous, results}`; `previous` is what a rollback returns to, null when there is nothing."""
    plugin = get_installed(plugin_id)
    refused = dict(Release.objects.exclude(refused_at=None).filter(plugin_id=plugin.plugin_id).values_list("version", "refused_reason"))
    return {
        "plugin_id": plugin.plugin_id,
        "name": plugin.name,
        "installed": plugin.version,
        "previous": previous_version(plugin),
        "results": [_row(offered, plugin, refused) for offered in _offered(plugin)],
    }


def previous_version(plugin: Plugin) -> str | None:
    """Return the version that a rollback leads to."""
    if not plugin.previous_generation:
        return None
    receipt = read_receipt(current_context().paths, plugin.plugin_id, plugin.previous_generation)
    return receipt.version if receipt is not None else None


def _offered(plugin: Plugin) -> list[OfferedVersion]:
    if plugin.source != Source.REGISTRY:
        return []
    try:
        return offered_versions(find_entry(registry_id_of(plugin), registry=registry_of(plugin)))
    except NotFound:
        return []


def _row(offered: OfferedVersion, plugin: Plugin, refused: dict[str, str]) -> dict[str, Any]:
    return {
        "version": offered.version,
        "released": offered.released,
        "notes": offered.notes,
        "installed": offered.version.removeprefix("v") == plugin.version.removeprefix("v"),
        "incompatible": offered.incompatible,
        "refused": refused.get(offered.version, ""),
    }
