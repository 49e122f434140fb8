"""Rows that stand for installed plugins and offers, for tests that need no files."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from plugins_app.models import Plugin, RegistryEntry, RegistrySource, Source
from plugins_app.store.sources import ensure_official_source

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "message": {"type": "string", "title": "Message", "default": "Hello"},
        "speed": {"type": "integer", "title": "Speed", "default": 5, "minimum": 1, "maximum": 10},
        "api_key": {"type": "string", "title": "Key", "x-secret": True},
        "look": {"type": "object", "title": "Look", "properties": {"shadow": {"type": "boolean", "default": True}}},
    },
}


def make_plugin(plugin_id: str = "hello", **values: Any) -> Plugin:
    """Create an installed plugin."""
    manifest = {"id": plugin_id, "name": plugin_id.title(), "version": "1.0.0"}
    defaults = {
        "name": plugin_id.title(),
        "version": "1.0.0",
        "manifest": manifest,
        "schema": SCHEMA,
        "source": Source.REGISTRY,
        "source_ref": {"registry_id": plugin_id},
        "active_generation": "g1",
        "enabled": True,
    }
    return Plugin.objects.create(plugin_id=plugin_id, **{**defaults, **values})


def make_offers(*ids: str) -> RegistrySource:
    """Create a fetched official registry that offers plugins of these ids."""
    source = ensure_official_source()
    source.fetched_at = timezone.now()
    source.save()
    for position, registry_id in enumerate(ids):
        RegistryEntry.objects.create(
            source=source,
            registry_id=registry_id,
            position=position,
            name=registry_id.title(),
            description=f"Shows {registry_id}",
            category="demo",
            tags=["sample"],
            repo="https://github.com/someone/plugins",
            plugin_path=f"plugins/{registry_id}",
            latest_version="1.1.0",
            raw={"id": registry_id},
        )
    return source
