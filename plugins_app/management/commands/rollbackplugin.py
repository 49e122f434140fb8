"""Returns to the version before the last update: `rollbackplugin ID`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.requests import request_rollback
from plugins_app.management.base import LedsiteCommand


class Command(LedsiteCommand):
    """Return to the version before the last update."""

    help = "Return to the version before the last update."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("plugin_id")

    def act(self, options: dict[str, Any]) -> None:
        """Ask for it and stay with it."""
        self.follow(request_rollback, options["plugin_id"])
