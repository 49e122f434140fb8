"""Checks a plugin: `checkplugin PATH`; the exit status is 1 when there are errors."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from display_app.authoring.answer_file import Example
from display_app.authoring.check import SIZES, check_files, check_screens
from display_app.authoring.findings import Finding, Level
from display_app.authoring.pictures import encode
from display_app.authoring.rendering import Rendering
from display_app.authoring.stage import Scene, render
from display_app.management.answers import add_answer_arguments, example, write_recording
from display_app.management.authoring import default_settings, global_config, json_object, size, with_values
from plugins_app.exceptions import PackageError
from plugins_app.package.manifest import Manifest

LIMIT_SECONDS = 120.0


class Command(BaseCommand):
    """Check manifest, schema and every mode at five sizes, in throw-away processes, with the network refused and the time fixed."""

    help = "Check a plugin before it is published: its files, and every mode at five sizes. Exit status 1 when there are errors."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("path", type=Path, help="folder of the plugin")
        parser.add_argument("--config", type=json_object, default={}, help="settings as JSON or a file with it, over the defaults")
        add_answer_arguments(parser)
        parser.add_argument("--size", type=size, action="append", help="check this size only; may be repeated")
        parser.add_argument("--deps", type=Path, help="folder with what requirements.txt names (pip install --target)")
        parser.add_argument("--pictures", type=Path, help="folder for a picture of every mode at every size")
        parser.add_argument("--strict", action="store_true", help="warnings are errors, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and report."""
        folder: Path = options["path"]
        manifest, findings = check_files(folder)
        if manifest is not None:
            findings = findings + self._check_screens(folder, manifest, options)
        self._report(findings)
        worst = (Level.ERROR, Level.WARNING) if options["strict"] else (Level.ERROR,)
        failures = sum(one.level in worst for one in findings)
        if failures:
            raise CommandError(f"{failures} to mend." if manifest else "It cannot be used as it is.")
        self.stdout.write(self.style.SUCCESS("It can be published."))

    def _check_screens(self, folder: Path, manifest: Manifest, options: dict[str, Any]) -> list[Finding]:
        given: Example = options["answers"]
        scene = Scene(
            folder=folder.resolve(),
            manifest=manifest,
            settings=with_values(with_values(_defaults(folder), given.config), options["config"]),
            answers=given.answers,
            at=given.at,
            global_config=global_config(),
            deps=options["deps"],
            protected=(settings.LEDSITE.data_dir, settings.LEDSITE.run_dir),
            user=settings.LEDSITE.plugin_user,
            limit_seconds=LIMIT_SECONDS,
        )
        if options["record"] is not None:
            scene = self._record(scene, options)
        sizes = tuple(options["size"] or SIZES)
        return check_screens(scene, sizes=sizes, on_rendering=lambda one: self._seen(one, manifest, options["pictures"]))

    def _record(self, scene: Scene, options: dict[str, Any]) -> Scene:
        """Let it perform once with the web, keep what that answers, and return the scene that goes on with it."""
        target: Path = options["record"]
        now = time.time()
        rendering = render(replace(scene, record=True, at=now))
        self.stdout.write(write_recording(target, rendering, scene=scene, config=options["config"], at=now))
        return replace(scene, answers=example(str(target)).answers, at=now)

    def _seen(self, rendering: Rendering, manifest: Manifest, pictures: Path | None) -> None:
        lit = [mode.mode for mode in rendering.modes.values() if mode.is_lit]
        total = len(rendering.mode_names)
        words = f"{len(lit)} of {total} modes show something" if total else rendering.reason or "it did not start"
        self.stdout.write(f"{rendering.width}x{rendering.height}: {words} (network refused by {rendering.network or 'nothing'})")
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            for mode in rendering.modes.values():
                if mode.shots:
                    name = f"{manifest.id}-{mode.mode}-{rendering.width}x{rendering.height}.png".replace("/", "_")
                    (pictures / name).write_bytes(encode(mode.shots, seconds=rendering.seconds, suffix=".png", scale=4))

    def _report(self, findings: list[Finding]) -> None:
        styles = {Level.ERROR: self.style.ERROR, Level.WARNING: self.style.WARNING, Level.NOTE: self.style.NOTICE}
        for one in findings:
            self.stdout.write(f"{styles[one.level](one.level.value):<9} {one.where}: {one.text}")


def _defaults(folder: Path) -> dict[str, Any]:
    try:
        return default_settings(folder)
    except PackageError:
        return {"enabled": True}  # the report names what is wrong with the schema
