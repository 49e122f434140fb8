"""One public plugin on a stage: in a throw-away process, first with every address refused, then with recorded answers."""

from __future__ import annotations

from pathlib import Path

from display_app.authoring.rendering import Rendering
from display_app.authoring.stage import Scene, render
from plugins_app.package.manifest import read_manifest
from tests.real_plugins.settings import example_of, settings_of

SECONDS = 3.0
LIMIT_SECONDS = 240.0


def perform(folder: Path, *, size: tuple[int, int], answered: bool, deps: Path | None = None) -> Rendering:
    """Load the plugin, update it, draw every mode; `answered` tells whether the web is recorded or refused."""
    manifest = read_manifest(folder)
    example = example_of(manifest.id) if answered else None
    scene = Scene(
        folder=folder,
        manifest=manifest,
        settings=settings_of(folder, manifest.id, example),
        width=size[0],
        height=size[1],
        seconds=SECONDS,
        frame_seconds=0.25,
        at=example.at if example else None,
        answers=example.answers if example else {},
        global_config={"timezone": "America/New_York"},
        deps=deps,
        limit_seconds=LIMIT_SECONDS,
    )
    return render(scene)


def sentence(rendering: Rendering) -> str:
    """Say what came of it."""
    if rendering.reason:
        return f"does not start: {rendering.reason}"
    lit = [mode for mode in rendering.modes.values() if mode.is_lit]
    parts = [f"{len(lit)} of {len(rendering.mode_names)} modes drawn"]
    parts += [f"update: {rendering.update_problem}"] if rendering.update_problem else []
    parts += sorted({mode.problem for mode in rendering.modes.values() if mode.problem})
    return "; ".join(parts)
