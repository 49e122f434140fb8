"""Renders one plugin to a picture: `renderplugin ID|PATH --out FILE`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from display_app.authoring.pictures import FORMATS, encode
from display_app.authoring.rendering import ModeRendering, Rendering
from display_app.authoring.stage import Scene, render
from display_app.management.answers import add_answer_arguments, write_recording
from display_app.management.authoring import check_mode, find_plugin, global_config, json_object, moment, size, with_values
from plugins_app.exceptions import LedsiteError

FRAME_SECONDS = 0.05
LIMIT_SECONDS = 120.0
STILL_SECONDS, MOVING_SECONDS = 1.0, 6.0


class Command(BaseCommand):
    """Render a plugin in a throw-away process, without a panel and without network; with --record it has one."""

    help = "Render a plugin (its folder, or the id of an installed one) to PNG, or animated to WebP or GIF."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        environment = settings.LEDSITE
        panel = (environment.panel.width, environment.panel.height)
        parser.add_argument("plugin", help="folder of a plugin, or id of an installed one")
        parser.add_argument("--out", required=True, type=Path, help=".png, .webp or .gif; {mode} in its name: one file for each mode")
        parser.add_argument("--size", type=size, default=panel, help="panel in pixels, for example 64x32; the configured one")
        parser.add_argument("--mode", help="the mode to draw; the first")
        parser.add_argument("--config", type=json_object, default={}, help="settings as JSON or a file with it, over those that it has")
        add_answer_arguments(parser)
        parser.add_argument("--deps", type=Path, help="folder with what requirements.txt names (pip install --target)")
        parser.add_argument("--frames", type=int, help="pictures at most")
        parser.add_argument("--seconds", type=float, help="how long it is drawn, in its own time; 1, animated 6")
        parser.add_argument("--scale", type=int, help="pixels for each of the panel's; 1, with --led 8")
        parser.add_argument("--led", action="store_true", help="draw the panel's lamps")
        parser.add_argument("--at", type=moment, help="the time it is, for example 2025-09-23T18:34:56; that of the answers, or now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Render, then write one file or one for each mode."""
        out: Path = options["out"]
        if out.suffix not in FORMATS:
            raise CommandError(f"{out.name} must end with one of {', '.join(FORMATS)}.")
        try:
            rendering = self._render(out, options)
        except LedsiteError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from error
        if not rendering.modes:
            raise CommandError(f"The plugin shows nothing. {rendering.reason}\n{rendering.log[-2000:]}".strip())
        chosen = list(rendering.modes.values())
        written = [self._write(mode, rendering, out, options) for mode in (chosen if "{mode}" in out.name else chosen[:1])]
        if not any(written):
            raise CommandError("No picture was written.")

    def _render(self, out: Path, options: dict[str, Any]) -> Rendering:
        found = find_plugin(options["plugin"])
        first = found.manifest.display_modes[:1]
        wanted = (options["mode"],) if options["mode"] else () if "{mode}" in out.name else first
        width, height = options["size"]
        example, record = options["answers"], options["record"]
        began = options["at"] or example.at or time.time()
        scene = Scene(
            folder=found.folder,
            manifest=found.manifest,
            settings=with_values(with_values(found.settings, example.config), options["config"]),
            width=width,
            height=height,
            modes=wanted,
            seconds=_seconds(out, options),
            frame_seconds=FRAME_SECONDS,
            at=began,
            answers=example.answers,
            record=record is not None,
            global_config=global_config(),
            protected=(settings.LEDSITE.data_dir, settings.LEDSITE.run_dir),
            user=settings.LEDSITE.plugin_user,
            deps=options["deps"],
            limit_seconds=LIMIT_SECONDS,
        )
        rendering = render(scene)
        if record is not None:
            self.stdout.write(write_recording(record, rendering, scene=scene, config=options["config"], at=began))
        check_mode(options["mode"], rendering.mode_names)
        return rendering

    def _write(self, mode: ModeRendering, rendering: Rendering, out: Path, options: dict[str, Any]) -> bool:
        if not mode.shots:
            self.stderr.write(f"{mode.mode}: {mode.problem or rendering.reason or 'it has nothing to show.'}")
            return False
        shots = mode.shots[: options["frames"]]
        scale = options["scale"] or (8 if options["led"] else 1)
        body = encode(shots, seconds=rendering.seconds, suffix=out.suffix, scale=scale, led=options["led"])
        target = out.with_name(out.name.replace("{mode}", mode.mode.replace("/", "_")))
        target.write_bytes(body)
        self.stdout.write(f"{target}: {mode.mode}, {rendering.width}x{rendering.height}, {len(shots)} pictures, {len(body)} bytes")
        return True


def _seconds(out: Path, options: dict[str, Any]) -> float:
    if options["seconds"]:
        return float(options["seconds"])
    if options["frames"]:
        return float(options["frames"])
    return STILL_SECONDS if out.suffix == ".png" else MOVING_SECONDS
