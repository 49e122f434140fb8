"""Lists the installed plugins: `listplugins [--json]`."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from plugins_app.lifecycle.listing import installed_plugins
from plugins_app.management.base import LedsiteCommand


class Command(LedsiteCommand):
    """List the installed plugins in the order of the panel."""

    help = "List the installed plugins in the order of the panel."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the arguments."""
        parser.add_argument("--json", action="store_true", help="print the rows of the API")

    def act(self, options: dict[str, Any]) -> None:
        """Print one line a plugin."""
        rows = installed_plugins()
        if options["json"]:
            self.stdout.write(json.dumps(rows, cls=DjangoJSONEncoder, indent=1))
            return
        for row in rows:
            update = f" (update: {row['latest_version']})" if row["update_available"] else ""
            reason = f": {row['status_reason']}" if row["status_reason"] else ""
            self.stdout.write(f"{row['id']:<32} {row['version']:<12} {row['status']}{reason}{update}")
