"""Takes a plugin off the panel: `disableplugin ID`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.enable import set_enabled
from plugins_app.management.base import LedsiteCommand, requester


class Command(LedsiteCommand):
    """Take a plugin off the panel; files and settings stay."""

    help = "Take a plugin off the panel; files and settings stay."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("plugin_id")

    def act(self, options: dict[str, Any]) -> None:
        """Switch it."""
        plugin = set_enabled(options["plugin_id"], enabled=False, requested_by=requester())
        self.stdout.write(f"{plugin.plugin_id} is disabled.")
