"""What the panel can be told: every function checks, writes its rows in one transaction and wakes the director when they are committed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from display_app.models import CommandKind, DisplayCommand, DisplaySettings, PluginHealth
from display_app.setting_rules import CHECKS, is_number, kept_form, problem_of, shown_form
from display_app.status import read_status
from plugins_app import audit, wakeup
from plugins_app.config import location
from plugins_app.exceptions import BadRequest, Conflict
from plugins_app.models import Plugin, Source
from plugins_app.package.ids import check_id

LOCATION = "location"
LIVE, DRIVER_RESTART = "live", "driver-restart"
MAX_SHOW_SECONDS = 7 * 24 * 3600


def show(
    plugin_id: str, *, mode: str | None = None, duration: float | None = None, pinned: bool = False, requested_by: str
) -> DisplayCommand:
    """Show one plugin now, for `duration` seconds or until told otherwise. Raise Conflict with the reason when it cannot be shown."""
    check_id(plugin_id)
    arguments: dict[str, Any] = {"plugin_id": plugin_id, "mode": _checked_mode(mode), "duration": _checked_duration(duration)}
    _refuse_what_cannot_show(plugin_id)
    return _command(CommandKind.SHOW, arguments | {"pinned": bool(pinned)}, requested_by)


def stop_showing(*, requested_by: str) -> DisplayCommand:
    """End what is shown on demand; the rotation goes on where it was."""
    return _command(CommandKind.STOP_SHOWING, {}, requested_by)


def show_next(*, requested_by: str) -> DisplayCommand:
    """End the present turn."""
    return _command(CommandKind.NEXT, {}, requested_by)


def release(plugin_id: str, *, requested_by: str) -> DisplayCommand:
    """Give a quarantined or backed-off plugin another chance. Raise Conflict `not-installed` when there is none."""
    check_id(plugin_id)
    _installed(plugin_id)
    return _command(CommandKind.RELEASE, {"plugin_id": plugin_id}, requested_by)


def leave_safe_mode(*, requested_by: str) -> DisplayCommand:
    """Let all plugins run again. Raise Conflict `no-safe-mode` when they may."""
    if read_status()["safe_mode"] is None:
        raise Conflict("The panel is not in safe mode.", code="no-safe-mode", hint="All plugins may run.")
    return _command(CommandKind.LEAVE_SAFE_MODE, {}, requested_by)


def restart_driver(*, requested_by: str) -> DisplayCommand:
    """Open the hardware anew."""
    return _command(CommandKind.RESTART_DRIVER, {}, requested_by)


def read_settings() -> dict[str, Any]:
    """Return the settings of the panel by name, as `change_settings` takes them."""
    row = DisplaySettings.load()
    return {name: shown_form(name, getattr(row, name)) for name in CHECKS if name != LOCATION} | {LOCATION: location.device_location()}


def change_settings(values: object, *, requested_by: str) -> dict[str, str]:
    """Change settings; return `live` or `driver-restart` for each that changed. BadRequest `settings-invalid` means that none was."""
    if not isinstance(values, dict):
        raise BadRequest("Settings are an object of names and values.", code="settings-invalid", details=[])
    with transaction.atomic():
        row = DisplaySettings.load()
        values = {name: value for name, value in values.items() if name != "override" or value != row.override}
        _refuse_bad_settings(values)
        place = values.pop(LOCATION, None)
        kept = {name: kept_form(name, value, old=getattr(row, name), now=timezone.now()) for name, value in values.items()}
        changed = {name: DRIVER_RESTART if name == "hardware" else LIVE for name, value in kept.items() if getattr(row, name) != value}
        for name in changed:
            setattr(row, name, kept[name])
        if changed:
            row.save(update_fields=[*changed, "updated_at"])
            audit.record(requested_by, "display-settings", **{name: kept[name] for name in changed})
            wakeup.wake_director()
        if place is not None and location.change_location(place, requested_by=requested_by):
            changed[LOCATION] = LIVE
    return changed


def _refuse_bad_settings(values: dict[Any, Any]) -> None:
    problems = [{"path": str(name), "message": message} for name, value in values.items() if (message := problem_of(name, value))]
    if problems:
        first = f"{problems[0]['path']}: {problems[0]['message']}"
        raise BadRequest(first, code="settings-invalid", hint="Nothing was changed.", details=problems)


def _command(kind: CommandKind, arguments: dict[str, Any], requested_by: str) -> DisplayCommand:
    with transaction.atomic():
        command = DisplayCommand.objects.create(kind=kind, arguments=arguments, requested_by=requested_by)
        audit.record(requested_by, f"display-{kind}", arguments.get("plugin_id", ""))
        wakeup.wake_director()
    return command


def _installed(plugin_id: str) -> Plugin:
    plugin = Plugin.objects.filter(plugin_id=plugin_id).defer("schema", "manifest").first()
    if plugin is None:
        raise Conflict(f"{plugin_id} is not installed.", code="not-installed", hint="Install it first.")
    return plugin


def _refuse_what_cannot_show(plugin_id: str) -> None:
    plugin = _installed(plugin_id)
    if not plugin.enabled:
        raise Conflict(f"{plugin} is switched off.", code="disabled", hint="Enable it first.")
    if plugin.missing or not plugin.active_generation:
        raise Conflict(f"The files of {plugin} are missing.", code="missing", hint="Repair or install it again.")
    if read_status()["safe_mode"] is not None and plugin.source != Source.BUNDLED:
        raise Conflict(f"{plugin} does not run in safe mode.", code="safe-mode", hint="Leave the safe mode first.")
    health = PluginHealth.objects.filter(plugin_id=plugin_id, quarantined_at__isnull=False).first()
    if health is not None and health.generation in ("", plugin.active_generation):
        raise Conflict(
            f"{plugin} is quarantined: {health.quarantine_reason}", code="quarantined", hint="Release it, or install another version."
        )


def _checked_mode(mode: object) -> str | None:
    if mode is None or (isinstance(mode, str) and 0 < len(mode) <= 200):
        return mode
    raise BadRequest("A mode is a name of at most 200 characters.", code="bad-mode", hint="Leave it out to show all modes of the plugin.")


def _checked_duration(duration: object) -> float | None:
    if duration is None:
        return None
    if is_number(duration) and 1 <= duration <= MAX_SHOW_SECONDS:  # type: ignore[operator]
        return float(duration)  # type: ignore[arg-type]
    raise BadRequest(
        "A duration is a number of seconds from 1 to a week.", code="bad-duration", hint="Leave it out to show it until stopped."
    )
