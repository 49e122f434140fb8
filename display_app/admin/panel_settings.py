"""Settings of the panel: what is live, and the options of the hardware, which are for administrators."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from display_app import commands, status
from display_app.admin import mode_rows, window_forms
from display_app.rotation.transitions import KINDS
from plugins_app.access import Role, has_role
from plugins_app.admin.pages import page, render_page, who
from plugins_app.config import location
from plugins_app.exceptions import BadRequest


@page(methods=("GET", "POST"))
def panel_settings(request: HttpRequest) -> HttpResponse:
    """Show the form; save it on POST."""
    if request.method == "POST":
        return _save(request)
    return _show(request, commands.read_settings())


@page(Role.OPERATOR, methods=("POST",))
def _save(request: HttpRequest) -> HttpResponse:
    try:
        changed = commands.change_settings(_read(request), requested_by=who(request))
    except BadRequest as error:
        typed = {**request.POST.dict(), **window_forms.posted(request.POST), "location": _location(request)}
        return _show(request, {**commands.read_settings(), **typed}, problem=error)
    restarts = commands.DRIVER_RESTART in changed.values()
    messages.success(request, "Saved. The driver is restarted with the new options." if restarts else "Saved.")
    return redirect("panel-settings")


def _show(request: HttpRequest, values: dict[str, Any], *, problem: BadRequest | None = None) -> HttpResponse:
    hardware = values.get("hardware")
    context = {
        "schedule_rows": window_forms.rows_of("schedule", values["schedules"]),
        "dimming_rows": window_forms.rows_of("dimming", values["dimming"]),
        "transitions": KINDS,
        "mode_rows": mode_rows.rows_of(commands.read_settings()["durations"], status.read_status()),
        "day_names": window_forms.DAY_NAMES,
        "values": {**values, "hardware": hardware if isinstance(hardware, str) else json.dumps(hardware or {}, indent=2)},
        "state": status.read_status(),
        "problem": problem,
        "may_save": has_role(request.user, Role.OPERATOR),
    }
    return render_page(request, "display_app/settings.html", context, title="Panel settings")


def _location(request: HttpRequest) -> dict[str, str]:
    return {field: request.POST.get(f"location_{field}", "") for field in location.FIELDS}


def _read(request: HttpRequest) -> dict[str, Any]:
    values: dict[str, Any] = window_forms.posted(request.POST)
    if "location_city" in request.POST:
        values["location"] = _location(request)
    try:
        values["default_duration"] = float(request.POST.get("default_duration", ""))
        if "longest_cycle" in request.POST:
            values["longest_cycle"] = float(request.POST["longest_cycle"])
            values["durations"] = mode_rows.posted(request.POST)
        if "transition" in request.POST:
            values["transition"] = request.POST["transition"]
            values["transition_seconds"] = float(request.POST.get("transition_seconds", ""))
        if "hardware" in request.POST and has_role(request.user, Role.ADMIN):
            values["hardware"] = json.loads(request.POST["hardware"] or "{}")
    except ValueError as error:
        raise BadRequest("That is not readable: seconds are a number, hardware options a JSON object.") from error
    return values
