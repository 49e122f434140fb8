"""Puts plugins in order: `reconcileplugins [--force]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.requests import request_reconcile
from plugins_app.management.base import LedsiteCommand
from plugins_app.reconcile.report import last_run


class Command(LedsiteCommand):
    """Look for plugins that are missing, unknown or damaged, and repair what can be."""

    help = "Look for plugins that are missing, unknown or damaged, and repair what can be."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("--force", action="store_true", help="try again what was found to be beyond repair")

    def act(self, options: dict[str, Any]) -> None:
        """Run a pass and tell what needs a person."""
        self.follow(request_reconcile, force=options["force"])
        report = last_run()
        self.stdout.write(f"{len(report['findings'])} found, {len(report['fixed'])} fixed.")
        for entry in report["manual_fix_required"]:
            self.stdout.write(f"{entry['plugin_id']} ({entry['kind']}): {entry['reason']}")
