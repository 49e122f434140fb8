"""Removes a plugin: `uninstallplugin ID [--keep-config]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.requests import request_uninstall
from plugins_app.management.base import LedsiteCommand


class Command(LedsiteCommand):
    """Remove an installed plugin; it can be undone for seven days."""

    help = "Remove an installed plugin; it can be undone for seven days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("plugin_id")
        parser.add_argument("--keep-config", action="store_true", help="keep settings and secrets for the next installation")

    def act(self, options: dict[str, Any]) -> None:
        """Ask for it and stay with it."""
        self.follow(request_uninstall, options["plugin_id"], preserve_config=options["keep_config"])
