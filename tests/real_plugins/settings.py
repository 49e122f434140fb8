"""The settings of a trial: the schema's defaults, `enabled`, and for a few plugins the least that they demand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EXTRA: dict[str, dict[str, Any]] = {
    "youtube-stats": {"api_key": "k", "channel_id": "c"},
    "static-image": {"image_config": {"images": [{"path": "assets/static_images/default.png"}]}},
    "hockey-scoreboard": {"nhl": {"enabled": True}},
    "lacrosse-scoreboard": {"ncaa_mens": {"enabled": True}},
}


def settings_of(folder: Path) -> dict[str, Any]:
    """Return the settings with which the plugin in `folder` is tried."""
    schema = json.loads((folder / "config_schema.json").read_text("utf-8"))
    defaults = {"display_duration": 15, "live_priority": False, **_defaults(schema)}
    return _merge(defaults, EXTRA.get(folder.name, {})) | {"enabled": True}


def _defaults(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in schema.get("properties", {}).items():
        if "default" in field:
            found[name] = field["default"]
        elif "properties" in field:
            found |= {name: inner} if (inner := _defaults(field)) else {}
        elif field.get("type") == "array":
            items = field.get("items", {})
            found[name] = [items["default"]] if "default" in items else []
    return found


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        inner = merged.get(name)
        merged[name] = _merge(inner, value) if isinstance(value, dict) and isinstance(inner, dict) else value
    return merged
