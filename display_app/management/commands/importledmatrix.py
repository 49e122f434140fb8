"""Takes over a LEDMatrix installation: `importledmatrix PATH [--dry-run] [--no-plugins] [--overwrite] [--json]`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from display_app.ledmatrix.importing import carry_out, plan
from display_app.ledmatrix.looking import look_into
from display_app.ledmatrix.report import as_json, as_text, closing_words
from plugins_app.management.base import LedsiteCommand, requester

NOT_COMPLETE = 3


class Command(LedsiteCommand):
    """Say what comes over, then take it over; again and again without harm."""

    help = (
        "Take over settings, plugins and secrets of LEDMatrix from its folder, or settings from a config.json alone. Nothing is changed "
        "there. Exit status 1 when it cannot be read (nothing is changed here then), 3 when something is left for another run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("path", type=Path, help="LEDMatrix's folder, or a config.json")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--no-plugins", action="store_true", help="only the settings of the panel")
        parser.add_argument("--overwrite", action="store_true", help="also what was set here or removed by hand")
        parser.add_argument("--json", action="store_true", help="one report as JSON on standard output")

    def act(self, options: dict[str, Any]) -> None:
        """Look, say, do, say."""
        who, overwrite, is_json = requester(), options["overwrite"], options["json"]
        say = self.stderr.write if is_json else self.stdout.write
        found = look_into(options["path"], with_plugins=not options["no_plugins"], say=say, requested_by=who)
        report = plan(found, overwrite=overwrite)
        if not is_json:
            self.stdout.write(as_text(report))
        if not options["dry_run"]:
            if report.is_change:
                say("\nNow it is done:")
            report = carry_out(found, overwrite=overwrite, say=say, requested_by=who)
            if not is_json and report.is_change:
                self.stdout.write(f"\n{as_text(report)}")
        if is_json:
            self.stdout.write(json.dumps(as_json(report), indent=1))
        if not report.is_complete:
            raise CommandError(closing_words(report), returncode=NOT_COMPLETE)
        say(f"\n{closing_words(report)}")
