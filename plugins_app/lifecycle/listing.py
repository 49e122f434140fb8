"""The installed plugins as rows for the API and pages: two plain queries and one file while nothing changes, no folder is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from plugins_app.models import Operation, Plugin, RegistryEntry, Revision, Source
from plugins_app.operations.context import current_context
from plugins_app.package.versions import is_newer
from plugins_app.panel import PanelState, read_panel
from plugins_app.reconcile.folders import read_again

FIELDS = (
    "plugin_id",
    "name",
    "version",
    "author",
    "description",
    "category",
    "tags",
    "enabled",
    "position",
    "source",
    "source_ref",
    "missing",
    "incompatible",
    "setup_problem",
    "previous_generation",
    "installed_at",
    "updated_at",
)
KNOWN_STATES = frozenset(["showing", "ready", "starting", "needs-configuration", "offline", "backed-off", "quarantined", "broken"])


@dataclass(frozen=True)
class _Known:
    """The rows as the database had them at two revisions: values for the status, and what the list shows of them."""

    key: tuple[str, int, int]
    rows: list[tuple[dict[str, Any], dict[str, Any]]]


_known: _Known | None = None


def installed_plugins(*, refresh: bool = False) -> list[dict[str, Any]]:
    """Return the rows of `GET plugins/installed`, in the order of the panel; `refresh` reads the folders again first."""
    if refresh:
        read_again(current_context())
    panel = read_panel(settings.LEDSITE.run_dir)
    busy = Operation.open_by_plugin()
    rows = []
    for values, row in _current().rows:
        status, reason = status_of(values, panel)
        rows.append(row | {"status": status, "status_reason": reason, "operation": busy.get(values["plugin_id"])})
    return rows


def forget() -> None:
    """Read the database anew at the next call, whatever the revisions say."""
    global _known
    _known = None


def status_of(values: dict[str, Any], panel: PanelState) -> tuple[str, str]:
    """Return a plugin's state and, unless all is well, a sentence that says why."""
    if values["missing"]:
        return "missing", "Its files are gone."
    if values["incompatible"]:
        return "incompatible", values["incompatible"]
    if not values["enabled"]:
        return "disabled", ""
    said = panel.plugin(values["plugin_id"])
    if said.get("state") in KNOWN_STATES:
        return said["state"], str(said.get("reason") or "")
    if values["setup_problem"]:
        return "needs-configuration", values["setup_problem"]
    return ("starting", "") if panel.alive else ("ready", "The panel is not running.")


def _current() -> _Known:
    """Return what this process knows when nothing has changed since; every writer raises a revision in its transaction."""
    global _known
    revisions = Revision.all_values()
    key = (str(connection.settings_dict["NAME"]), revisions.get("plugins", 0), revisions.get("store", 0))
    known = _known
    if known is None or known.key != key or not key[1]:
        latest = _latest_versions()
        known = _known = _Known(key, [(values, _row(values, latest)) for values in Plugin.objects.in_order().values(*FIELDS)])
    return known


def _row(values: dict[str, Any], latest: dict[str, str]) -> dict[str, Any]:
    newest = _newest(values, latest)
    return {
        "id": values["plugin_id"],
        "name": values["name"],
        "version": values["version"],
        "author": values["author"],
        "description": values["description"],
        "category": values["category"],
        "tags": values["tags"],
        "enabled": values["enabled"],
        "position": values["position"],
        "status": "",
        "status_reason": "",
        "latest_version": newest,
        "update_available": bool(newest) and is_newer(newest, values["version"]),
        "source": values["source"],
        "git": None,
        "can_roll_back": bool(values["previous_generation"]),
        "operation": None,
        "installed_at": values["installed_at"],
        "updated_at": values["updated_at"],
    }


def _newest(values: dict[str, Any], latest: dict[str, str]) -> str:
    if values["source"] != Source.REGISTRY:
        return ""
    return latest.get(values["source_ref"].get("registry_id") or values["plugin_id"], "")


def _latest_versions() -> dict[str, str]:
    """Map registry ids to versions; the first source wins, so an added registry never shadows the official one."""
    entries = RegistryEntry.objects.order_by("-source__position", "-source_id", "-position")
    return dict(entries.values_list("registry_id", "latest_version"))
