"""Brings a removed plugin back: `undouninstall ID`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.requests import request_undo_uninstall
from plugins_app.management.base import LedsiteCommand


class Command(LedsiteCommand):
    """Bring back a plugin that was removed in the last seven days."""

    help = "Bring back a plugin that was removed in the last seven days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("plugin_id")

    def act(self, options: dict[str, Any]) -> None:
        """Ask for it and stay with it."""
        self.follow(request_undo_uninstall, options["plugin_id"])
