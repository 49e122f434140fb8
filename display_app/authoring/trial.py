"""For the tests of a plugin: `try_plugin` lets it perform in another process and returns what it drew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from display_app.authoring.rendering import Rendering
from display_app.authoring.stage import Scene, render
from plugins_app.config.defaults import defaults_of, merge
from plugins_app.package.manifest import read_manifest
from plugins_app.package.schema import normalise, read_schema


def try_plugin(
    folder: Path,
    *,
    width: int = 64,
    height: int = 32,
    config: dict[str, Any] | None = None,
    modes: tuple[str, ...] = (),
    seconds: float = 1.0,
    at: float | None = None,
    answers: dict[str, Any] | None = None,
) -> Rendering:
    """Let the plugin in `folder` draw `seconds` of each mode without network: `answers` is what the web says (recorded.py).

    `config` are settings over the schema's defaults, `at` the time it is (seconds since 1970; None: now).
    """
    defaults = defaults_of(normalise(read_schema(folder))) | {"enabled": True}
    scene = Scene(
        folder=folder.resolve(),
        manifest=read_manifest(folder),
        settings=merge(defaults, config or {}),
        width=width,
        height=height,
        modes=modes,
        seconds=seconds,
        at=at,
        answers=answers or {},
        global_config={"timezone": "UTC"},
        watch_texts=True,
    )
    return render(scene)
