"""The groups under which the API's page lists its calls: each call belongs to the first whose address fits (pure)."""

from __future__ import annotations

import re
from typing import Any

GROUPS = (
    ("Store", r"/plugins/store/", "What registries offer, how old that is, and the token for GitHub."),
    ("Settings of plugins", r"/plugins/\{[^}]*\}/(config|schema)", "What a plugin can be told, its secrets, and the form behind it."),
    ("Pictures of plugins", r"/plugins/\{[^}]*\}/(preview|drawings)", "What a plugin shows, drawn by a worker."),
    ("Upkeep", r"/plugins/state/", "What is not in order with installed plugins, and what to do about it."),
    ("Plugins", r"/plugins/", "What is installed: order, versions, and every change as an operation."),
    ("Operations", r"/operations", "Work under way and done, with progress, log and error."),
    ("Notifications", r"/display/notifications", "Texts and pictures that interrupt the panel for a moment."),
    ("Health of plugins", r"/display/health/", "How each plugin does: state, memory, times, log."),
    ("Panel", r"/display/", "What the panel shows now and next, brightness and power, its live picture."),
    ("Product", r"", "Everything else."),
)


def group_by_address(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Give every call its group (spectacular's postprocessing hook)."""
    used = set()
    for address, calls in result["paths"].items():
        group = next(name for name, pattern, _ in GROUPS if re.match(f"/api/v3{pattern}", address))
        used.add(group)
        for call in calls.values():
            call["tags"] = [group]
    result["tags"] = [{"name": name, "description": text} for name, _, text in GROUPS if name in used]
    return result
