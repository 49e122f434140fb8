"""Writes settings in LEDMatrix's format: `exportledmatrix PATH [--with-secrets]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from display_app.ledmatrix.exporting import export
from plugins_app.management.base import LedsiteCommand, requester


class Command(LedsiteCommand):
    """Write a folder that LEDMatrix, and importledmatrix, can read."""

    help = "Write settings and plugins as LEDMatrix keeps them, into a new folder: config/config.json, and secrets only on request."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("path", type=Path, help="folder to make")
        parser.add_argument("--with-secrets", action="store_true", help="also config_secrets.json, which only you can read: in the clear")

    def act(self, options: dict[str, Any]) -> None:
        """Write it, and say what it cannot hold."""
        built = export(options["path"], with_secrets=options["with_secrets"], requested_by=requester())
        for note in built.notes:
            self.stderr.write(f"Note: {note}")
        if built.secrets_left:
            self.stderr.write(f"Note: {built.secrets_left} secrets stay here; --with-secrets writes them, too.")
        self.stdout.write(f"Written to {options['path']}.")
