"""Made-up LEDMatrix folders: what somebody who switches has on their Pi."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tests.fakes.samples import copy_plugin

CONFIG: dict[str, Any] = {
    "web_display_autostart": True,
    "timezone": "Europe/Berlin",
    "location": {"city": "Hamburg", "state": "", "country": "DE"},
    "schedule": {"enabled": True, "mode": "global", "start_time": "06:30", "end_time": "22:00"},
    "dim_schedule": {"enabled": False},
    "display": {
        "hardware": {"rows": 32, "cols": 64, "chain_length": 2, "parallel": 1, "brightness": 75, "hardware_mapping": "adafruit-hat"},
        "runtime": {"gpio_slowdown": 3},
        "display_durations": {},
        "plugin_rotation_order": [],
    },
    "plugin_system": {"plugins_directory": "plugin-repos"},
}


def make_ledmatrix(
    folder: Path,
    *,
    sections: dict[str, Any] | None = None,
    secrets: Any = None,
    display: dict[str, Any] | None = None,
    plugins: tuple[str, ...] = (),
    **words: Any,
) -> Path:
    """Write a folder with a configuration, secrets when given, and the named plugins as LEDMatrix would have installed them."""
    config = {**CONFIG, "display": {**CONFIG["display"], **(display or {})}, **words, **(sections or {})}
    (folder / "config").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "config.json").write_text(json.dumps(config, indent=2))
    if secrets is not None:
        (folder / "config" / "config_secrets.json").write_text(json.dumps(secrets))
    (folder / "plugin-repos").mkdir(exist_ok=True)
    for plugin_id in plugins:
        copied = copy_plugin(folder / "made", plugin_id)
        copied.rename(folder / "plugin-repos" / plugin_id)
    return folder


def as_it_is(folder: Path) -> dict[str, Any]:
    """Return everything that could be changed in a folder: names, contents, times and rights."""
    found: dict[str, Any] = {}
    for place, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(place) / name
            facts = path.lstat()
            found[str(path.relative_to(folder))] = (facts.st_mode, facts.st_mtime_ns, path.read_bytes() if path.is_file() else b"")
    return found
