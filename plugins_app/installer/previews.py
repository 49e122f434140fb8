"""Pictures of what plugins show, kept beside the generation that they show: drawn by another process, read by pages and API.

`<private>/previews/<id>/<generation>/index.json` names one animated WebP a mode. A generation without pictures has an index all the same,
so that nobody tries again; it goes when its generation is collected. What begins with `bundled-` is no generation: pictures of a plugin
of our own that is not installed; nor is `offered-`: pictures of a plugin of the store that a person wanted to see before its installation.
"""

from __future__ import annotations

import json
import logging
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from plugins_app.installer.drawing import INDEX, DrawingTask, run_drawing
from plugins_app.installer.files import exists
from plugins_app.installer.receipts import check_generation
from plugins_app.package.paths import PluginPaths

logger = logging.getLogger(__name__)

SECONDS = 45.0
AHEAD = "bundled-"
OFFERED = "offered-"
_FILE = re.compile(r"[0-9]{1,3}\.webp")
_MOST_INDEX = 64 * 1024


@dataclass(frozen=True)
class Preview:
    """The animated picture of one mode."""

    mode: str
    path: Path


def folder_of(paths: PluginPaths, plugin_id: str, generation: str) -> Path:
    """Return where the pictures of a generation lie."""
    return paths.previews(plugin_id) / check_generation(generation)


def is_drawn(paths: PluginPaths, plugin_id: str, generation: str) -> bool:
    """Tell whether somebody has tried to draw a generation's pictures."""
    return exists(folder_of(paths, plugin_id, generation) / INDEX)


def read_previews(paths: PluginPaths, plugin_id: str, generation: str) -> list[Preview]:
    """Return a generation's pictures, none when there are none that can be shown."""
    folder = folder_of(paths, plugin_id, generation)
    try:
        with open(folder / INDEX, "rb") as file:
            modes = json.loads(file.read(_MOST_INDEX))["modes"]
        return [Preview(str(one["mode"]), folder / one["file"]) for one in modes if _FILE.fullmatch(one["file"])]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("The previews in %s cannot be read: %s", folder, error)
        return []


def read_reason(paths: PluginPaths, plugin_id: str, generation: str) -> str:
    """Return why a generation has no pictures, empty when it has some."""
    try:
        with open(folder_of(paths, plugin_id, generation) / INDEX, "rb") as file:
            return str(json.loads(file.read(_MOST_INDEX)).get("reason") or "")
    except (OSError, ValueError, AttributeError):
        return ""


def offered_pictures(paths: PluginPaths) -> dict[str, str]:
    """Map the ids of plugins, in lower case, that were drawn before an installation to the name that their pictures lie under."""
    found = {folder.parent.name.lower(): folder.name for folder in sorted(paths.all_previews.glob(f"*/{OFFERED}*"), key=_age)}
    return {plugin_id: name for plugin_id, name in found.items() if _is_name(name)}


def draw_previews(paths: PluginPaths, plugin_id: str, generation: str, task: DrawingTask, *, is_interrupted: Callable[[], bool]) -> bool:
    """Draw the pictures of a generation; tell whether there are any. Interrupted leaves nothing behind."""
    target = folder_of(paths, plugin_id, generation)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".drawing-", dir=target.parent, ignore_cleanup_errors=True) as out:
        drawn = Path(out) / "drawn"
        run_drawing(task, drawn, seconds=SECONDS, is_interrupted=is_interrupted)
        if not exists(target):
            drawn.rename(target)
    return bool(read_previews(paths, plugin_id, generation))


def _age(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def _is_name(name: str) -> bool:
    try:
        return bool(check_generation(name))
    except ValueError:
        return False
