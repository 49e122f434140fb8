"""The plugins of our own as rows for API and pages."""

from __future__ import annotations

from typing import Any

from plugins_app.lifecycle.bundled import all_bundled
from plugins_app.lifecycle.pictures import address_of
from plugins_app.models import Plugin

FACTS = ("id", "name", "version", "author", "description", "category")


def bundled_plugins() -> list[dict[str, Any]]:
    """Return the rows of `GET plugins/bundled`."""
    known = {
        name.lower(): (active, missing) for name, active, missing in Plugin.objects.values_list("plugin_id", "active_generation", "missing")
    }
    found = [(own, *known.get(own.id.lower(), (own.generation, True))) for own in all_bundled()]
    return [
        {
            **{name: getattr(own.manifest, name) for name in FACTS},
            "tags": list(own.manifest.tags),
            "installed": not missing,
            "preview": address_of(own.id, generation),
        }
        for own, generation, missing in found
    ]
