"""What a child process does for the state machine: ask, work, recover, and tell everything that a person could see."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import F

from plugins_app import failpoints
from plugins_app.config.store import effective_settings, save_settings
from plugins_app.exceptions import LedsiteError, NetworkProblem
from plugins_app.installer.generations import damage, where
from plugins_app.lifecycle import automatic, requests
from plugins_app.lifecycle.enable import set_enabled
from plugins_app.models import Operation, Plugin, PluginConfig, PluginSecret, Probation, Release, RepairVerdict, Tombstone
from plugins_app.models.updates import PROBATION_TURNS
from plugins_app.operations.context import current_context
from plugins_app.operations.run import run
from plugins_app.reconcile.converge import converge
from plugins_app.reconcile.folders import check_folders
from plugins_app.store.refresh import refresh_registries
from tests.crash.actions import WHO, inspect, look_after_probation
from tests.crash.actions import recover as recover_all
from tests.crash.invariants import debris, open_operations, trouble_in_database

ASK: dict[str, Callable[..., Operation]] = {
    "install": requests.request_install,
    "update": requests.request_update,
    "uninstall": requests.request_uninstall,
    "undo": requests.request_undo_uninstall,
    "rollback": requests.request_rollback,
    "purge": requests.request_purge,
}


def ask(kind: str, plugin_id: str, **options: Any) -> int:
    """Ask for an operation; 0 when it is refused at once."""
    try:
        return ASK[kind](plugin_id, requested_by=WHO, **options).pk
    except LedsiteError:
        return 0


def work(operation_id: int, *, kill_at: int | None) -> None:
    """Run an operation, perhaps not to its end."""
    failpoints.arm(kill_at=kill_at)
    run(operation_id)
    failpoints.disarm()


def configure(plugin_id: str, city: str) -> None:
    """Save a setting and a secret."""
    save_settings(plugin_id, {"city": city, "api_key": f"key of {city}"}, partial=True, requested_by=WHO)


def toggle(plugin_id: str) -> bool:
    """Turn a plugin on or off."""
    enabled = not Plugin.objects.get(pk=plugin_id).enabled
    set_enabled(plugin_id, enabled=enabled, requested_by=WHO)
    return enabled


def recover(*, kill_at: int | None = None) -> int:
    """Start a worker, with all that waits."""
    return recover_all(kill_at=kill_at)


def look_at_folders() -> None:
    """Do what a worker does every half minute."""
    check_folders(current_context())


def turn_on_automatic_updates() -> None:
    """Want updates by themselves from now on."""
    automatic.set_automatic(True, requested_by=WHO)


def do_regular_work(*, kill_at: int | None) -> None:
    """Do what workers do every few minutes: ask the registry, look after updates and probations, run what is queued by that."""
    failpoints.arm(kill_at=kill_at)
    with contextlib.suppress(NetworkProblem):
        refresh_registries(force=True, http=current_context().http)
    look_after_probation()
    failpoints.disarm()


def on_probation() -> list[dict[str, Any]]:
    """Return what has to prove itself."""
    fields = ("plugin_id", "version", "from_version", "generation")
    found = Probation.objects.values(*fields)
    return [row | {"can_go_back": bool(Plugin.objects.get(pk=row["plugin_id"]).previous_generation)} for row in found]


def show(plugin_id: str, generation: str, *, result: str) -> None:
    """Have the panel tell of a probation: `picture`, `nothing` to see in all its turns, or a `crash`."""
    if result == "crash":
        Probation.note_fault(plugin_id, generation, "It crashed.")
        return
    for _ in range(PROBATION_TURNS):
        Probation.note_turn(plugin_id, generation, had_picture=result == "picture", seconds=10.0)


def was_sent_back(generation: str) -> bool:
    """Tell whether a version that failed has been replaced by the one before, and is not offered again."""
    ended = Operation.objects.filter(kind="rollback", arguments__generation=generation, status="succeeded").first()
    version = ended and Release.objects.filter(plugin_id=ended.plugin_id).exclude(refused_at=None).exists()
    return bool(version) and not Plugin.objects.filter(active_generation=generation).exists()


def let_time_pass(seconds: int) -> None:
    """Make everything that is written down older."""
    past = timedelta(seconds=seconds)
    Release.objects.update(seen_at=F("seen_at") - past)
    Operation.objects.update(created_at=F("created_at") - past)
    Tombstone.objects.update(removed_at=F("removed_at") - past)
    RepairVerdict.objects.exclude(retry_at=None).update(retry_at=F("retry_at") - past)
    Operation.objects.exclude(retry_at=None).update(retry_at=F("retry_at") - past)


def status_of(operation_id: int) -> str:
    """Return how an operation ended."""
    return Operation.objects.get(pk=operation_id).status


def recover_and_tell() -> dict[str, Any]:
    """Return what there is once workers have run, and what is wrong whatever has happened before."""
    recover()
    look_after_probation()
    converge(current_context(), run=run)
    changed = [problem for problem in inspect(0)["wrong"] if problem.startswith("I8")]
    context = current_context()
    rows = {plugin.plugin_id: _row(plugin) for plugin in Plugin.objects.all()}
    known = set(rows)
    wrong = changed + [f"{name}: {problem}" for name, row in rows.items() if (problem := _files(name, row))]
    wrong += [] if set(PluginConfig.objects.values_list("plugin_id", flat=True)) == known else ["I3 settings are not those of the rows"]
    wrong += [] if set(PluginSecret.objects.values_list("plugin_id", flat=True)) <= known else ["I3 secrets of nobody"]
    tombstones = sorted(Tombstone.objects.values_list("plugin_id", flat=True))
    wrong += [] if known.isdisjoint(tombstones) else ["I4 row and tombstone"]
    wrong += _probations()
    wrong += [problem for problem in debris(context.paths) if "/aside/" not in problem] + open_operations() + trouble_in_database()
    definitive = list(RepairVerdict.objects.filter(definitive=True).values_list("plugin_id", flat=True))
    return {"rows": rows, "tombstones": tombstones, "wrong": wrong, "definitive": definitive}


def _probations() -> list[str]:
    """One version at a time has to prove itself, and it is the one that is active."""
    found = list(Probation.objects.values_list("plugin_id", "generation"))
    active = set(Plugin.objects.values_list("plugin_id", "active_generation"))
    return [f"on probation: {found}"] if len(found) > 1 or not set(found) <= active else []


def _row(plugin: Plugin) -> dict[str, Any]:
    values = effective_settings(plugin)
    return {
        "enabled": plugin.enabled,
        "missing": plugin.missing,
        "source": plugin.source,
        "city": values.get("city"),
        "api_key": values.get("api_key"),
        "active": plugin.active_generation,
        "version": plugin.version,
    }


def _files(plugin_id: str, row: dict[str, Any]) -> str:
    """I1: what is not missing is complete and in its place, unless a person has put something else there."""
    paths = current_context().paths
    if row["missing"] or row["source"] == "local":
        return ""
    if where(paths, plugin_id, row["active"]) != paths.live(plugin_id):
        return "" if paths.live(plugin_id).is_dir() else "I1 its files are not there"
    return damage(paths, plugin_id, row["active"]) or ""
