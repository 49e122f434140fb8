"""The settings of a trial: the schema's defaults, `enabled`, and for a few plugins the least that they demand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plugins_app.config.defaults import defaults_of, merge
from plugins_app.package.schema import normalise, read_schema

EXTRA: dict[str, dict[str, Any]] = {
    "youtube-stats": {"api_key": "k", "channel_id": "c"},
    "static-image": {"image_config": {"images": [{"path": "assets/static_images/default.png"}]}},
    "hockey-scoreboard": {"nhl": {"enabled": True}},
    "lacrosse-scoreboard": {"ncaa_mens": {"enabled": True}},
}


def settings_of(folder: Path) -> dict[str, Any]:
    """Return the settings with which the plugin in `folder` is tried."""
    return merge(defaults_of(normalise(read_schema(folder))), EXTRA.get(folder.name, {})) | {"enabled": True}
