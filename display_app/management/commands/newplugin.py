"""Begins a new plugin: `newplugin ID [--dir FOLDER]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from display_app.authoring.skeleton import write_skeleton
from plugins_app.exceptions import LedsiteError


class Command(BaseCommand):
    """Write a skeleton that runs and passes its tests."""

    help = "Begin a new plugin: manifest, settings, code, README and tests that pass."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("id", help="id of the plugin, for example days-left")
        parser.add_argument("--dir", type=Path, default=Path(), help="folder in which its folder is made; the present one")
        parser.add_argument("--author", default="", help="name for the manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it and say what to do next."""
        try:
            written = write_skeleton(options["id"], options["dir"], author=options["author"])
        except LedsiteError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from error
        except OSError as error:
            raise CommandError(f"It cannot be written: {error}") from error
        for path in written:
            self.stdout.write(str(path))
        folder = written[0].parent
        self.stdout.write(f"Next: .venv/bin/python manage.py renderplugin {folder} --out {folder.name}.png --led")
        self.stdout.write("How to go on: docs/plugin-api.md")
