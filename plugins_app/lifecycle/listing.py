"""The installed plugins as rows for the API and pages: two plain queries and one file while nothing changes, no folder is touched."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django_q.tasks import async_task

from plugins_app.lifecycle.pictures import address_of
from plugins_app.models import Operation, Plugin, RegistryEntry, Release, Revision, Source
from plugins_app.operations.context import current_context
from plugins_app.package.versions import is_newer
from plugins_app.panel import PanelState, read_panel
from plugins_app.reconcile.folders import read_again
from plugins_app.store.sources import OFFICIAL_NAME

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
    "active_generation",
    "previous_generation",
    "git",
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
_root: tuple[str, int] | None = None


@dataclass(frozen=True)
class Installed:
    """Everything that the list is made of, looked at once."""

    key: Hashable
    """Equal keys have equal rows."""
    _known: _Known
    _panel: PanelState
    _busy: dict[str, int]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of `GET plugins/installed`, in the order of the panel."""
        rows = []
        for values, row in self._known.rows:
            status, reason = status_of(values, self._panel)
            rows.append(row | {"status": status, "status_reason": reason, "operation": self._busy.get(values["plugin_id"])})
        return rows


def installed_plugins(*, refresh: bool = False) -> list[dict[str, Any]]:
    """Return the rows of `GET plugins/installed`, in the order of the panel; `refresh` reads the folders again first."""
    return look(refresh=refresh).rows()


def look(*, refresh: bool = False, revisions: dict[str, int] | None = None) -> Installed:
    """Look at rows, panel and open operations; `refresh` reads the folders again first; `revisions` were read a moment ago."""
    if refresh:
        read_again(current_context())
        revisions = None
    _notice_root(settings.LEDSITE.plugin_dir)
    panel = read_panel(settings.LEDSITE.run_dir)
    busy = Operation.open_by_plugin()
    known = _current(revisions or Revision.all_values())
    return Installed((known.key, panel.alive, _said_of_plugins(panel), tuple(sorted(busy.items()))), known, panel, busy)


def forget() -> None:
    """Read the database anew at the next call, whatever the revisions say."""
    global _known, _root
    _known = _root = None


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


def _said_of_plugins(panel: PanelState) -> tuple[tuple[str, str, str], ...]:
    """Return what the rows show of the panel's word; memory, processor and pictures change with every beat and stand in none."""
    said = panel.data.get("plugins") if panel.alive else None
    states = [(name, panel.plugin(name)) for name in said] if isinstance(said, dict) else []
    return tuple((name, str(state.get("state")), str(state.get("reason") or "")) for name, state in states)


def _current(revisions: dict[str, int]) -> _Known:
    """Return what this process knows when nothing has changed since; every writer raises a revision in its transaction."""
    global _known
    key = (str(connection.settings_dict["NAME"]), revisions["plugins"], revisions["store"])
    known = _known
    if known is None or known.key != key or not key[1]:
        latest, refused = _latest_versions(), Release.refused()
        known = _known = _Known(key, [(values, _row(values, latest, refused)) for values in Plugin.objects.in_order().values(*FIELDS)])
    return known


def _notice_root(plugin_dir: Path) -> None:
    """Let a worker look at the folders when one was put there or taken away (ruling G): one stat, no folder is read here."""
    global _root
    try:
        seen = (str(plugin_dir), plugin_dir.stat().st_mtime_ns)
    except OSError:
        return
    before, _root = _root, seen
    if before is not None and before != seen and before[0] == seen[0]:
        async_task("plugins_app.tasks.check_folders", cluster="main", save=False, task_name="check-folders")


def _row(values: dict[str, Any], latest: dict[tuple[str, str], str], refused: set[tuple[str, str]]) -> dict[str, Any]:
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
        "update_available": _is_update(values, newest) and (values["plugin_id"], newest) not in refused,
        "source": values["source"],
        "git": values["git"],
        "can_roll_back": bool(values["previous_generation"]),
        "preview": address_of(values["plugin_id"], values["active_generation"]),
        "operation": None,
        "installed_at": values["installed_at"],
        "updated_at": values["updated_at"],
    }


def _is_update(values: dict[str, Any], newest: str) -> bool:
    """Tell whether there is something newer; a git working copy belongs to its owner, who pulls."""
    return bool(newest) and not values["git"] and is_newer(newest, values["version"])


def _newest(values: dict[str, Any], latest: dict[tuple[str, str], str]) -> str:
    """Return what the registry that the plugin came from offers; the official one answers for a registry that is gone."""
    if values["source"] != Source.REGISTRY:
        return ""
    registry_id = values["source_ref"].get("registry_id") or values["plugin_id"]
    registry = values["source_ref"].get("registry") or ""
    return latest.get((registry, registry_id)) or (latest.get((OFFICIAL_NAME, registry_id)) if registry else None) or ""


def _latest_versions() -> dict[tuple[str, str], str]:
    """Map registry and id to the version; without a registry's name the first source wins."""
    entries = RegistryEntry.objects.order_by("-source__position", "-source_id", "-position")
    versions: dict[tuple[str, str], str] = {}
    for registry, registry_id, version in entries.values_list("source__name", "registry_id", "latest_version"):
        versions[registry, registry_id] = versions["", registry_id] = version
    return versions
