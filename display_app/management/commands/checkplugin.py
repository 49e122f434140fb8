"""Checks a plugin: `checkplugin PATH`; the exit status is 1 when there are errors."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from display_app.authoring.answer_file import Example
from display_app.authoring.check import SIZES, check_files, check_screens
from display_app.authoring.entry import registry_entry
from display_app.authoring.findings import Finding, Level
from display_app.authoring.pictures import encode
from display_app.authoring.rendering import Rendering
from display_app.authoring.report import as_json, as_text, verdict
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
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument("--entry", metavar="REPOSITORY", help="address of its repository: prints its entry for a registry")
        parser.add_argument("--strict", action="store_true", help="warnings are errors, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and report."""
        folder: Path = options["path"]
        renderings: list[Rendering] = []
        manifest, findings = check_files(folder, has_deps=options["deps"] is not None)
        if manifest is not None:
            findings = findings + self._check_screens(folder, manifest, renderings, options)
        findings.sort(key=lambda one: list(Level).index(one.level))
        worst = (Level.ERROR, Level.WARNING) if options["strict"] else (Level.ERROR,)
        is_good = not any(one.level in worst for one in findings)
        words = verdict(findings, is_good=is_good)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(manifest, renderings, findings, is_good=is_good), indent=1))
        else:
            self.stdout.writelines(f"{line}\n" for line in as_text(manifest, renderings, findings))
        if not is_good:
            raise CommandError(words)
        if not options["json"]:
            self.stdout.write(self.style.SUCCESS(words))
        if options["entry"] and manifest is not None:
            self.stdout.write(json.dumps(registry_entry(manifest, options["entry"], today=date.today()), indent=2, ensure_ascii=False))

    def _check_screens(self, folder: Path, manifest: Manifest, renderings: list[Rendering], options: dict[str, Any]) -> list[Finding]:
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

        def seen(rendering: Rendering) -> None:
            renderings.append(rendering)
            if options["pictures"] is not None:
                _keep_pictures(rendering, manifest, options["pictures"])

        return check_screens(scene, sizes=tuple(options["size"] or SIZES), on_rendering=seen)

    def _record(self, scene: Scene, options: dict[str, Any]) -> Scene:
        """Let it perform once with the web, keep what that answers, and return the scene that goes on with it."""
        target: Path = options["record"]
        now = time.time()
        rendering = render(replace(scene, record=True, at=now))
        self.stderr.write(write_recording(target, rendering, scene=scene, config=options["config"], at=now))
        return replace(scene, answers=example(str(target)).answers, at=now)


def _keep_pictures(rendering: Rendering, manifest: Manifest, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for mode in rendering.modes.values():
        if mode.shots:
            name = f"{manifest.id}-{mode.mode}-{rendering.width}x{rendering.height}.png".replace("/", "_")
            (folder / name).write_bytes(encode(mode.shots, seconds=rendering.seconds, suffix=".png", scale=4))


def _defaults(folder: Path) -> dict[str, Any]:
    try:
        return default_settings(folder)
    except PackageError:
        return {"enabled": True}  # the report names what is wrong with the schema
