"""Draws one picture that was asked for; a worker's work, never the web's."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from plugins_app.config.secrets import open_sealed
from plugins_app.drawing.keep import drop_old, folder, picture_of
from plugins_app.drawing.wish import Data
from plugins_app.exceptions import DiskProblem
from plugins_app.installer.drawing import DrawingTask, run_drawing
from plugins_app.models import Drawing, Plugin
from plugins_app.models.drawing import DRAWING_SECONDS
from plugins_app.operations.context import Context

END_SECONDS = 5.0


def draw(context: Context, drawing_id: int) -> None:
    """Draw it once, whoever else was told to."""
    drawing = Drawing.objects.filter(pk=drawing_id).first()
    if drawing is None or not drawing.claim():
        return
    try:
        index = _run(context, drawing)
    except (OSError, DiskProblem) as error:
        drawing.finish(problem=f"It could not be drawn: {error}"[:500])
        return
    shown = index.get("modes") or []
    problem = "" if shown else str(index.get("reason") or "It shows nothing.")
    drawing.finish(mode=str(shown[0]["mode"]) if shown else "", problem=problem, notes=index.get("notes"))
    drop_old()


def _run(context: Context, drawing: Drawing) -> dict[str, Any]:
    """Let the process draw and keep its first picture."""
    target = picture_of(drawing)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".drawing-", dir=folder(), ignore_cleanup_errors=True) as out:
        index = run_drawing(
            _task(context, drawing), Path(out) / "drawn", seconds=DRAWING_SECONDS + END_SECONDS, is_interrupted=lambda: False
        )
        if index["modes"]:
            (Path(out) / "drawn" / Path(index["modes"][0]["file"]).name).replace(target)
    return index


def _task(context: Context, drawing: Drawing) -> DrawingTask:
    is_here = Plugin.objects.filter(pk=drawing.plugin_id, active_generation=drawing.generation, missing=False).exists()
    if not is_here:
        raise DiskProblem("the plugin is another one by now.", code="plugin-changed")
    cache = context.paths.private / "cache" / drawing.plugin_id
    return DrawingTask(
        folder=context.paths.live(drawing.plugin_id),
        settings=json.loads(open_sealed(drawing.sealed_settings)),
        panel=(drawing.width, drawing.height),
        timezone=settings.TIME_ZONE,
        protected=context.protected,
        user=context.plugin_user,
        modes=(drawing.mode,) if drawing.mode else (),
        first_only=True,
        seconds=drawing.seconds,
        with_example=drawing.data == Data.EXAMPLE,
        example_settings=False,
        cache=cache if drawing.data == Data.LAST and cache.is_dir() else None,
        limit_seconds=DRAWING_SECONDS,
    )
