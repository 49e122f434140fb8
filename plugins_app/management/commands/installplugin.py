"""Installs a plugin: `installplugin ID|URL|ZIP [--version V]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from plugins_app.lifecycle import requests
from plugins_app.management.base import LedsiteCommand, requester


class Command(LedsiteCommand):
    """Install from the registry, an address, or a zip file."""

    help = "Install a plugin from the registry (its id), from an https address, or from a zip file."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let our `--version` stand in the place of Django's, which every command has."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("what", help="id in the registry, https address, or path of a zip file")
        parser.add_argument("--version", dest="wanted_version", help="a version that the registry offers, instead of the newest")
        parser.add_argument("--disabled", action="store_true", help="do not put it on the panel")
        parser.add_argument("--plugin-path", default="", help="folder of the plugin inside the repository or zip at an address")
        parser.add_argument("--branch", default="", help="branch of the repository at an address")

    def act(self, options: dict[str, Any]) -> None:
        """Choose the request by the form of the argument."""
        what: str = options["what"]
        if "://" in what:
            self.follow(requests.request_install_from_url, what, plugin_path=options["plugin_path"], branch=options["branch"])
        elif what.lower().endswith(".zip") and Path(what).is_file():
            with open(what, "rb") as file:
                operation = requests.request_install_upload(file, filename=Path(what).name, requested_by=requester())
            self.follow(lambda requested_by: operation)
        else:
            self.follow(requests.request_install, what, version=options["wanted_version"], enable=not options["disabled"])
