"""Updates a plugin: `updateplugin ID`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.requests import request_update
from plugins_app.management.base import LedsiteCommand


class Command(LedsiteCommand):
    """Fetch the newest version of an installed plugin."""

    help = "Fetch the newest version of an installed plugin."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("plugin_id")

    def act(self, options: dict[str, Any]) -> None:
        """Ask for it and stay with it."""
        self.follow(request_update, options["plugin_id"])
