"""How the API's page lists its calls: in groups, each call in the first whose address fits, beside the line that its view opens with."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema

GROUPS = (
    ("Store", r"/plugins/store/", "What registries offer, how old that is, and the token for GitHub."),
    ("Settings of plugins", r"/plugins/\{[^}]*\}/(config|schema)", "What a plugin can be told, its secrets, and the form behind it."),
    ("Uploads", r"/plugins/(assets/|\{[^}]*\}/(assets|upload))", "Pictures and credentials that owners give to a plugin."),
    ("Actions", r"/plugins/(action$|\{[^}]*\}/actions)", "Scripts that plugins offer: logins, and what else they bring."),
    ("Pictures of plugins", r"/plugins/\{[^}]*\}/(preview|drawings)", "What a plugin shows, drawn by a worker."),
    ("Upkeep", r"/plugins/state/", "What is not in order with installed plugins, and what to do about it."),
    ("Plugins", r"/plugins/", "What is installed: order, versions, and every change as an operation."),
    ("Operations", r"/operations", "Work under way and done, with progress, log and error."),
    ("Notifications", r"/display/notifications", "Texts and pictures that interrupt the panel for a moment."),
    ("Health of plugins", r"/display/health/", "How each plugin does: state, memory, times, log."),
    ("Panel", r"/display/", "What the panel shows now and next, brightness and power, its live picture."),
    ("Product", r"", "Everything else."),
)


class GroupedSchema(AutoSchema):
    """Describes one call."""

    def get_tags(self) -> list[str]:
        """Return its group."""
        return [next(name for name, pattern, _ in GROUPS if re.match(f"/api/v3{pattern}", self.path))]

    def get_summary(self) -> str:
        """Return what its view is about; what the method does is the description."""
        return (self.view.__doc__ or "").partition("\n")[0].removesuffix(".")


def describe_groups(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Put the groups that are used into their order (spectacular's postprocessing hook)."""
    used = {name for calls in result["paths"].values() for call in calls.values() for name in call["tags"]}
    result["tags"] = [{"name": name, "description": text} for name, _, text in GROUPS if name in used]
    return result
