"""Puts a plugin on the panel: `enableplugin ID`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.enable import set_enabled
from plugins_app.management.base import LedsiteCommand, requester


class Command(LedsiteCommand):
    """Put an installed plugin on the panel."""

    help = "Put an installed plugin on the panel."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("plugin_id")

    def act(self, options: dict[str, Any]) -> None:
        """Switch it."""
        plugin = set_enabled(options["plugin_id"], enabled=True, requested_by=requester())
        self.stdout.write(f"{plugin.plugin_id} is enabled.")
