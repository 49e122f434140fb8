"""What a public plugin is tried with: the schema's defaults, the least that it demands, and recorded answers of our own invention.

`answers/<id>.json` has the shape of a plugin's `preview.json`: `at`, `config`, `answers`. Teams, people and prices in it do not exist.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from display_app.authoring.answer_file import Example, parse_example
from plugins_app.config.defaults import defaults_of, merge
from plugins_app.package.schema import normalise, read_schema

ANSWERS = Path(__file__).parent / "answers"
EXTRA: dict[str, dict[str, Any]] = {
    "youtube-stats": {"api_key": "k", "channel_id": "c"},
    "static-image": {"image_config": {"images": [{"path": "assets/static_images/default.png"}]}},
    "hockey-scoreboard": {"nhl": {"enabled": True}},
    "lacrosse-scoreboard": {"ncaa_mens": {"enabled": True}},
    "plex-marquee": {"fanart_api_key": "k", "tmdb_token": "t"},
    "transit-board": {"station_id": "127"},
    "wavelog-qsos": {"api_key": "k"},
}


def settings_of(folder: Path, plugin_id: str, example: Example | None = None) -> dict[str, Any]:
    """Return the settings with which the plugin in `folder` is tried, with those of an example when given."""
    demanded = EXTRA.get(plugin_id, {})
    wanted = merge(demanded, example.config) if example else demanded
    return merge(defaults_of(normalise(read_schema(folder))), wanted) | {"enabled": True}


def example_of(plugin_id: str) -> Example:
    """Return the recorded answers for a plugin; none for one that asks nothing."""
    path = ANSWERS / f"{plugin_id}.json"
    return parse_example(json.loads(path.read_text("utf-8"))) if path.is_file() else Example()
