"""The installed plugins as rows for the API and pages: three queries and one file, no folder is touched."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from plugins_app.models import Operation, Plugin, RegistryEntry, Source
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


def installed_plugins(*, refresh: bool = False) -> list[dict[str, Any]]:
    """Return the rows of `GET plugins/installed`, in the order of the panel; `refresh` reads the folders again first."""
    if refresh:
        read_again(current_context())
    panel = read_panel(settings.LEDSITE.run_dir)
    latest = _latest_versions()
    busy = dict(Operation.objects.open().exclude(plugin_id="").values_list("plugin_id", "pk"))
    return [_row(values, panel=panel, latest=latest, busy=busy) for values in Plugin.objects.in_order().values(*FIELDS)]


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


def _row(values: dict[str, Any], *, panel: PanelState, latest: dict[str, str], busy: dict[str, int]) -> dict[str, Any]:
    status, reason = status_of(values, panel)
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
        "status": status,
        "status_reason": reason,
        "latest_version": newest,
        "update_available": bool(newest) and is_newer(newest, values["version"]),
        "source": values["source"],
        "git": None,
        "can_roll_back": bool(values["previous_generation"]),
        "operation": busy.get(values["plugin_id"]),
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
