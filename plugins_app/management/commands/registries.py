"""Lists, adds and removes registries: `registries`, `registries --add NAME URL`, `registries --remove NAME`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plugins_app.exceptions import NotFound
from plugins_app.lifecycle.requests import request_refresh
from plugins_app.management.base import LedsiteCommand, requester
from plugins_app.store.added import add_source, remove_source
from plugins_app.store.sources import all_sources


class Command(LedsiteCommand):
    """List the registries, or change which are asked beside the official one."""

    help = "List the registries; add one, which is asked at once, or remove one that was added."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        change = parser.add_mutually_exclusive_group()
        change.add_argument("--add", nargs=2, metavar=("NAME", "URL"), help="a registry whose plugins nobody here has looked at")
        change.add_argument("--remove", metavar="NAME", help="what was installed from it stays")

    def act(self, options: dict[str, Any]) -> None:
        """Change what is asked for, then print one line a registry."""
        if options["add"]:
            add_source(*options["add"], requested_by=requester())
            self.follow(request_refresh)
        if options["remove"]:
            self._remove(options["remove"])
        for source in all_sources():
            answered = source.fetched_at.isoformat(timespec="seconds") if source.fetched_at else "not answered yet"
            self.stdout.write(f"{source.name:<20} {source.trust:<10} {source.url}  {answered}")

    def _remove(self, name: str) -> None:
        found = next((source for source in all_sources() if source.name.lower() == name.lower()), None)
        if found is None:
            raise NotFound(f"There is no registry {name[:40]}.", code="no-such-registry", hint="See `registries`.")
        remove_source(found.pk, requested_by=requester())
