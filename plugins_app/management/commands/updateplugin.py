"""Updates a plugin, or all of them: `updateplugin ID [--version V]`, `updateplugin --all`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.exceptions import BadRequest, LedsiteError
from plugins_app.lifecycle.requests import request_update
from plugins_app.lifecycle.updating import request_update_all
from plugins_app.management.base import LedsiteCommand, requester


class Command(LedsiteCommand):
    """Fetch the newest version of an installed plugin."""

    help = "Fetch the newest version of an installed plugin, or another one."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let our `--version` stand in the place of Django's, which every command has."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("plugin_id", nargs="?", default="")
        parser.add_argument("--all", action="store_true", help="every plugin that has something newer, one after the other")
        parser.add_argument("--version", dest="wanted_version", help="a version that the registry offers, instead of the newest")

    def act(self, options: dict[str, Any]) -> None:
        """Ask for it and stay with it."""
        if bool(options["plugin_id"]) == options["all"]:
            raise BadRequest("Name one plugin, or say --all.")
        if options["all"]:
            self._update_all()
        else:
            self.follow(request_update, options["plugin_id"], version=options["wanted_version"])

    def _update_all(self) -> None:
        """One that fails does not keep the others from their update."""
        failed = []
        for operation in request_update_all(requested_by=requester()):
            try:
                self.stay(operation)
            except LedsiteError as error:
                self.stderr.write(f"{error.message} {error.hint}".strip())
                failed.append(operation.plugin_id)
        if failed:
            raise LedsiteError(f"Not updated: {', '.join(failed)}.", hint="The operations' logs say why.")
