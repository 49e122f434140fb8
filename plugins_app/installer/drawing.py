"""The throw-away process that draws pictures of a plugin into a folder; nothing of the plugin runs in ours, or in that one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins_app.installer.bound import run_bound
from plugins_app.installer.probe import CODE, environment
from plugins_app.installer.scratch import scratch_folder

INDEX = "index.json"


class Interrupted(Exception):
    """Something more urgent than pictures came up."""


@dataclass(frozen=True, kw_only=True)
class DrawingTask:
    """What to draw: the plugin in `folder` with settings on a panel of (width, height).

    `modes` empty means all, or the first one; `seconds` of each, in the plugin's own time. `with_example` lets it have the answers that
    it ships, with `example_settings` also their settings; `cache` is a folder with what it has fetched before; `limit_seconds` are real.
    """

    folder: Path
    settings: Mapping[str, Any]
    panel: tuple[int, int]
    timezone: str
    protected: tuple[Path, ...] = ()
    user: str = ""
    modes: tuple[str, ...] = ()
    first_only: bool = False
    seconds: float = 5.0
    with_example: bool = True
    example_settings: bool = True
    cache: Path | None = None
    limit_seconds: float = 25.0

    def as_json(self, out: Path) -> bytes:
        """Return it as the process reads it."""
        width, height = self.panel
        plain = {
            "folder": str(self.folder),
            "out": str(out),
            "settings": dict(self.settings),
            "panel": {"width": width, "height": height},
            "timezone": self.timezone,
            "protected": [str(path) for path in self.protected],
            "user": self.user,
            "modes": list(self.modes),
            "first_only": self.first_only,
            "seconds": self.seconds,
            "with_example": self.with_example,
            "example_settings": self.example_settings,
            "cache": str(self.cache) if self.cache else "",
            "limit_seconds": self.limit_seconds,
        }
        return json.dumps(plain).encode()


def run_drawing(task: DrawingTask, out: Path, *, seconds: float, is_interrupted: Callable[[], bool]) -> dict[str, Any]:
    """Draw into `out`, which is made, and return its index: `{"modes": [{"mode", "file"}], "reason", "notes"}`; Interrupted."""

    def on_line(_: str) -> None:
        if is_interrupted():
            raise Interrupted

    with scratch_folder("preview", mode=0o755) as scratch:  # the process in it may become another user
        run_bound(
            [sys.executable, "-m", "display_app.authoring.preview"],
            seconds=seconds,
            env={**environment(str(scratch)), "PYTHONPATH": str(CODE)},
            cwd=scratch,
            on_line=on_line,
            stdin=task.as_json(out),
            merge_stderr=False,
        )
    out.mkdir(exist_ok=True)
    try:
        index: dict[str, Any] = json.loads((out / INDEX).read_bytes())
    except (OSError, ValueError):
        index = {"modes": [], "reason": "Drawing it did not come to an end.", "notes": []}
        (out / INDEX).write_text(json.dumps(index), "utf-8")
    return index
