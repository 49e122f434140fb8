"""Updates a plugin: `updateplugin ID [--version V]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle.requests import request_update
from plugins_app.management.base import LedsiteCommand


class Command(LedsiteCommand):
    """Fetch the newest version of an installed plugin."""

    help = "Fetch the newest version of an installed plugin, or another one."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let our `--version` stand in the place of Django's, which every command has."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("plugin_id")
        parser.add_argument("--version", dest="wanted_version", help="a version that the registry offers, instead of the newest")

    def act(self, options: dict[str, Any]) -> None:
        """Ask for it and stay with it."""
        self.follow(request_update, options["plugin_id"], version=options["wanted_version"])
