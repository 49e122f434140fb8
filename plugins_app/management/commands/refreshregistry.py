"""Asks the registries for what is new: `refreshregistry`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.requests import request_refresh
from plugins_app.management.base import LedsiteCommand


class Command(LedsiteCommand):
    """Ask the registries for what is new, whatever the age of what is known."""

    help = "Ask the registries for what is new, whatever the age of what is known."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("--if-due", action="store_true", help="only those whose answer is too old")

    def act(self, options: dict[str, Any]) -> None:
        """Ask for it and stay with it."""
        self.follow(request_refresh, force=not options["if_due"])
