"""Pictures of what plugins show, kept beside the generation that they show: drawn by another process, read by pages and API.

`<private>/previews/<id>/<generation>/index.json` names one animated WebP a mode. A generation without pictures has an index all the same,
so that nobody tries again; it goes when its generation is collected. What begins with `bundled-` is no generation: pictures of a plugin
of our own that is not installed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins_app.installer.bound import run_bound
from plugins_app.installer.files import exists
from plugins_app.installer.probe import CODE, environment
from plugins_app.installer.receipts import check_generation
from plugins_app.package.paths import PluginPaths

logger = logging.getLogger(__name__)

SECONDS = 45.0
SCRATCH = "ledsite-preview-"
ABANDONED_SECONDS = 3600.0
INDEX = "index.json"
AHEAD = "bundled-"
_FILE = re.compile(r"[0-9]{1,3}\.webp")
_MOST_INDEX = 64 * 1024


class Interrupted(Exception):
    """Something more urgent than pictures came up."""


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


def draw_previews(
    paths: PluginPaths,
    plugin_id: str,
    generation: str,
    *,
    folder: Path | None = None,
    settings: Mapping[str, Any],
    panel: tuple[int, int],
    timezone: str,
    protected: Sequence[Path],
    user: str,
    is_interrupted: Callable[[], bool],
) -> bool:
    """Draw the pictures of the live generation with these settings; tell whether there are any. Interrupted leaves nothing behind.

    `folder` is where the plugin lies that has no live generation: one of our own.
    """
    _sweep()
    target = folder_of(paths, plugin_id, generation)
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".drawing-", dir=target.parent, ignore_cleanup_errors=True) as out,
        tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True) as scratch,
    ):
        drawn, temporary = Path(out) / "drawn", Path(scratch)
        temporary.chmod(0o755)  # the process in it may become another user
        task = {
            "folder": str(folder or paths.live(plugin_id)),
            "out": str(drawn),
            "settings": dict(settings),
            "panel": {"width": panel[0], "height": panel[1]},
            "timezone": timezone,
            "protected": [str(path) for path in protected],
            "user": user,
        }
        _run(json.dumps(task).encode(), temporary, is_interrupted)
        drawn.mkdir(exist_ok=True)
        if not (drawn / INDEX).is_file():
            (drawn / INDEX).write_text(json.dumps({"modes": [], "reason": "Drawing it did not come to an end."}), "utf-8")
        if not exists(target):
            drawn.rename(target)
    return bool(read_previews(paths, plugin_id, generation))


def _sweep() -> None:
    """Remove what a worker that was killed while it drew left among the temporary files: on a Pi they lie in memory."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        with contextlib.suppress(OSError):
            status = folder.lstat()
            if status.st_uid == os.geteuid() and time.time() - status.st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _run(task: bytes, scratch: Path, is_interrupted: Callable[[], bool]) -> None:
    def on_line(_: str) -> None:
        if is_interrupted():
            raise Interrupted

    run_bound(
        [sys.executable, "-m", "display_app.authoring.preview"],
        seconds=SECONDS,
        env={**environment(str(scratch)), "PYTHONPATH": str(CODE)},
        cwd=scratch,
        on_line=on_line,
        stdin=task,
        merge_stderr=False,
    )
