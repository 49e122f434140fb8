"""Updates of many plugins: which have something newer, by rows alone, and one operation for each of them."""

from __future__ import annotations

from dataclasses import dataclass

from plugins_app.exceptions import LedsiteError
from plugins_app.lifecycle import listing
from plugins_app.lifecycle.requests import request_update
from plugins_app.models import Operation


@dataclass(frozen=True)
class Offer:
    """An installed plugin and the newer version that its registry has."""

    plugin_id: str
    version: str
    latest_version: str
    enabled: bool
    status: str
    is_busy: bool


def offers() -> list[Offer]:
    """Return what can be updated; no request is made, and what was refused on probation is not among it."""
    return [
        Offer(row["id"], row["version"], row["latest_version"], row["enabled"], row["status"], row["operation"] is not None)
        for row in listing.installed_plugins()
        if row["update_available"]
    ]


def request_update_all(*, requested_by: str) -> list[Operation]:
    """Queue an update of every plugin that has one; those that something else works on are left to it."""
    operations = []
    for offer in offers():
        try:
            operations.append(request_update(offer.plugin_id, requested_by=requested_by))
        except LedsiteError:
            continue  # busy, or gone from its registry since: its own page says so
    return operations
