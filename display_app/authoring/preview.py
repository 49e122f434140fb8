"""Draws the previews of one plugin: `python -m display_app.authoring.preview` reads one JSON object from stdin and writes files.

    {"folder": of the plugin, "out": folder for the files, "settings", "panel": {"width", "height"}, "timezone", "modes": [] for all,
     "first_only", "seconds" of each, "with_example", "example_settings": whether what it ships counts, "cache": folder with what it has
     fetched before, "limit_seconds", "protected": [folders that stay closed to the plugin], "user": whom to become when started as root}

`out` gets one animated WebP a mode and, last, `index.json`: `{"modes": [{"mode", "file"}], "reason": why there is none, "notes":
[{"level", "where", "text"}]}`. A plugin may ship `preview.json` (answer_file.py) with `answers`, `config` and `at`, so that its preview
shows more than what it knows offline. This process runs no code of the plugin: an actor does. A line on stdout every quarter of a second
lets the caller decide to end it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from display_app.authoring.answer_file import KEYS, Example, parse_example
from display_app.authoring.findings import of_load, of_mode
from display_app.authoring.pictures import encode
from display_app.authoring.rendering import Rendering
from display_app.authoring.stage import Scene, render
from plugins_app.config.defaults import merge
from plugins_app.exceptions import PackageError
from plugins_app.package.jsonfile import read_json
from plugins_app.package.manifest import read_manifest

FRAME_SECONDS = 1 / 15
MOST_MODES, MOST_NOTES = 12, 20
MOST_BYTES = 1024 * 1024
NICE = 19
PULSE_SECONDS = 0.25
EXAMPLE = "preview.json"


def main() -> None:
    """Draw, write, end."""
    task = json.loads(sys.stdin.buffer.read())
    os.nice(NICE)
    _start_pulse()
    out = Path(task["out"])
    out.mkdir(parents=True, exist_ok=True)
    try:
        index = draw_previews(task, out)
    except (PackageError, OSError) as error:
        index = {"modes": [], "reason": str(error)[:500]}
    (out / "index.json").write_text(json.dumps(index), "utf-8")


def draw_previews(task: dict[str, Any], out: Path) -> dict[str, Any]:
    """Let the plugin perform and write one file a mode; return the index."""
    folder = Path(task["folder"])
    manifest = read_manifest(folder)
    example = read_example(folder) if task["with_example"] else Example()
    settings = merge(task["settings"], example.config) if task["example_settings"] else task["settings"]
    rendering = render(
        Scene(
            folder=folder,
            manifest=manifest,
            settings=settings,
            width=task["panel"]["width"],
            height=task["panel"]["height"],
            modes=tuple(task["modes"]) or tuple(manifest.display_modes[:1] if task["first_only"] else ()),
            seconds=task["seconds"],
            frame_seconds=FRAME_SECONDS,
            at=example.at,
            answers=example.answers,
            global_config={"timezone": task["timezone"]},
            watch_texts=True,
            cache=Path(task["cache"]) if task["cache"] else None,
            protected=tuple(map(Path, task["protected"])),
            user=task["user"],
            limit_seconds=task["limit_seconds"],
        )
    )
    written = _write(rendering, out)
    reason = "" if written else rendering.reason or "It shows nothing without network and settings."
    return {"modes": written, "reason": reason, "notes": _notes(rendering)}


def _notes(rendering: Rendering) -> list[dict[str, str]]:
    found = [*of_load(rendering), *(note for mode in rendering.modes.values() for note in of_mode(mode, rendering))]
    return [{"level": one.level.value, "where": one.where, "text": one.text} for one in found[:MOST_NOTES]]


def read_example(folder: Path) -> Example:
    """Read what a plugin ships for its preview; what cannot be used is left out."""
    try:
        data = read_json(folder / EXAMPLE, limit=MOST_BYTES, code="preview-invalid", missing_code="preview-missing")
    except PackageError:
        return Example()
    found = Example()
    for name in KEYS & set(data if isinstance(data, dict) else ()):
        with contextlib.suppress(ValueError):
            found = replace(found, **{name: getattr(parse_example({name: data[name]}), name)})
    return found


def _write(rendering: Rendering, out: Path) -> list[dict[str, str]]:
    written: list[dict[str, str]] = []
    for mode in list(rendering.modes.values())[:MOST_MODES]:
        if not mode.is_lit:
            continue
        body = encode(mode.shots, seconds=rendering.seconds, suffix=".webp")
        if len(body) <= MOST_BYTES:
            name = f"{len(written)}.webp"
            (out / name).write_bytes(body)
            written.append({"mode": mode.mode, "file": name})
    return written


def _start_pulse() -> None:
    ending = threading.Event()

    def beat() -> None:
        while not ending.wait(PULSE_SECONDS):
            os.write(1, b"drawing\n")

    threading.Thread(target=beat, daemon=True, name="pulse").start()


if __name__ == "__main__":
    main()
