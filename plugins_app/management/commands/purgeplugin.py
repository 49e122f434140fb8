"""Deletes for good what an uninstall kept: `purgeplugin ID`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.requests import request_purge
from plugins_app.management.base import LedsiteCommand


class Command(LedsiteCommand):
    """Delete files, settings and secrets of a removed plugin for good."""

    help = "Delete files, settings and secrets of a removed plugin for good; afterwards it cannot be brought back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("plugin_id")

    def act(self, options: dict[str, Any]) -> None:
        """Ask for it and stay with it."""
        self.follow(request_purge, options["plugin_id"])
