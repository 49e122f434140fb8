"""The knobs of the first page: brightness, power and pause, for good or for a time; what a schedule decides is overridden for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from display_app import commands, status
from plugins_app.admin.pages import action, who
from plugins_app.exceptions import BadRequest

OVERRIDE_SECONDS = 3600
OVERRIDE_TIMES = ((900, "15 minutes"), (3600, "an hour"), (4 * 3600, "4 hours"), (12 * 3600, "12 hours"))


@action()
def change(request: HttpRequest) -> str:
    """Change brightness, power or pause."""
    values: dict[str, Any] = {}
    if "brightness" in request.POST:
        values["brightness"] = _percent(request.POST["brightness"])
    for name in ("power", "paused"):
        if name in request.POST:
            values[name] = request.POST[name] == "true"
    seconds = int(request.POST["seconds"]) if request.POST.get("seconds", "").isdigit() else 0
    return _said(values) + _change(values, status.read_status(), seconds=seconds, requested_by=who(request))


def _change(values: dict[str, Any], state: dict[str, Any], *, seconds: int, requested_by: str) -> str:
    """Change settings, for `seconds` when not 0; what a schedule decides now is overridden for an hour: a turned knob is always seen."""
    override: dict[str, Any] = {}
    if values.get("power") and state["power_reason"] == "schedule":
        override["power"] = True
    if "brightness" in values and (seconds or state["brightness_reason"]):
        override["brightness"] = values.pop("brightness")
    if override:
        values = {**values, "override": {**_kept_override(state), **override, "seconds": seconds or OVERRIDE_SECONDS}}
    elif values.get("power") is False and state["power_reason"] == "override":
        values = {**values, "override": None}
    commands.change_settings(values, requested_by=requested_by)
    return f" {_until_when(seconds or OVERRIDE_SECONDS)} the settings count again." if override else ""


def _until_when(seconds: int) -> str:
    return f"In {dict(OVERRIDE_TIMES).get(seconds, f'{seconds} seconds')}"


def _kept_override(state: dict[str, Any]) -> dict[str, Any]:
    return {name: state[name] for name in ("power", "brightness") if state[f"{name}_reason"] == "override"}


@action()
def end_override(request: HttpRequest) -> str:
    """Let settings and schedules count again."""
    commands.change_settings({"override": None}, requested_by=who(request))
    return "Settings and schedules count again."


def override_ends(state: dict[str, Any]) -> datetime | None:
    """Return when the present override ends; None when there is none."""
    if "override" not in (state["brightness_reason"], state["power_reason"]):
        return None
    return parse_datetime((commands.read_settings()["override"] or {}).get("until") or "")


def _percent(text: str) -> int:
    if not text.isdigit() or int(text) > 100:
        raise BadRequest("Brightness is a number from 0 to 100.")
    return int(text)


def _said(values: dict[str, Any]) -> str:
    if "brightness" in values:
        return f"Brightness is {values['brightness']} %."
    if "power" in values:
        return "The panel is on." if values["power"] else "The panel is dark."
    return "The rotation stands still." if values.get("paused") else "The rotation goes on."
