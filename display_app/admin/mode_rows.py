"""The modes of plugins as rows of a form: as the running plugin names them, else as its manifest does."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from plugins_app.exceptions import BadRequest
from plugins_app.models import Plugin

PREFIX = "seconds:"


def modes_of(plugin: Plugin, state: dict[str, Any]) -> list[str]:
    """Return the modes of one plugin."""
    said = state["plugins"].get(plugin.plugin_id, {}).get("modes") or plugin.manifest.get("display_modes")
    return [str(mode) for mode in said] if isinstance(said, list) and said else [plugin.plugin_id]


def rows_of(durations: dict[str, dict[str, float]], state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every plugin that is switched on with its modes and the seconds that are set."""
    return [
        {
            "name": plugin.name,
            "modes": [
                {"name": mode, "field": f"{PREFIX}{plugin.plugin_id}:{mode}", "seconds": durations.get(plugin.plugin_id, {}).get(mode)}
                for mode in modes_of(plugin, state)
            ],
        }
        for plugin in Plugin.objects.wanted_on().in_order().defer("schema")
    ]


def posted(post: QueryDict) -> dict[str, dict[str, float]]:
    """Return the seconds that a form carries. Raise BadRequest for what is no number."""
    found: dict[str, dict[str, float]] = {}
    for field, text in post.items():
        if field.startswith(PREFIX) and str(text).strip():
            plugin_id, _, mode = field.removeprefix(PREFIX).partition(":")
            found.setdefault(plugin_id, {})[mode] = _seconds(f"{plugin_id} {mode}", str(text))
    return found


def _seconds(where: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadRequest(f"{where}: seconds are a number.", hint="Nothing was changed.") from error
