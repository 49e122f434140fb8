"""The first page: the panel as it is now, what it shows next, what is under way and what needs a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from display_app import commands, notifications, status
from plugins_app.admin.overview import plugin_names, read_overview
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who
from plugins_app.exceptions import BadRequest

NOW, REST = "display_app/now.html", "display_app/rest.html"
OVERRIDE_SECONDS = 3600
REASONS = {"rotation": "in turn", "live": "live", "on-demand": "asked for", "notification": "a notice"}


@page()
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the panel."""
    state = status.read_status()
    context = {
        "state": state,
        "now_fragment": render_fragment(request, NOW, _now(state), address=reverse("panel-now")),
        "rest_fragment": render_fragment(request, REST, _rest(state), address=reverse("panel-rest")),
    }
    return render_page(request, "display_app/dashboard.html", context, title="Panel")


@page()
def now(request: HttpRequest) -> HttpResponse:
    """Answer what is shown now and next, once a second."""
    return answer_fragment(request, NOW, _now(status.read_status()))


@page()
def rest(request: HttpRequest) -> HttpResponse:
    """Answer plugins, operations and issues, once a second."""
    return answer_fragment(request, REST, _rest(status.read_status()))


@action()
def show(request: HttpRequest, plugin_id: str) -> str:
    """Show a plugin now."""
    commands.show(plugin_id, requested_by=who(request))
    return f"Showing {plugin_id}."


@action()
def stop_showing(request: HttpRequest) -> str:
    """Go back to the rotation."""
    commands.stop_showing(requested_by=who(request))
    return "Back to the rotation."


@action()
def show_next(request: HttpRequest) -> str:
    """Go on to the next plugin."""
    commands.show_next(requested_by=who(request))
    return "Going on to the next."


@action()
def dismiss(request: HttpRequest) -> str:
    """Put every notification away."""
    notifications.dismiss(requested_by=who(request))
    return "Put away."


@action()
def release(request: HttpRequest, plugin_id: str) -> str:
    """Give a stopped plugin another chance."""
    commands.release(plugin_id, requested_by=who(request))
    return f"{plugin_id} gets another chance."


@action()
def leave_safe_mode(request: HttpRequest) -> str:
    """Let all plugins run again."""
    commands.leave_safe_mode(requested_by=who(request))
    return "All plugins run again."


@action()
def change(request: HttpRequest) -> str:
    """Change brightness, power or pause."""
    values: dict[str, Any] = {}
    if "brightness" in request.POST:
        values["brightness"] = _percent(request.POST["brightness"])
    for name in ("power", "paused"):
        if name in request.POST:
            values[name] = request.POST[name] == "true"
    return _said(values) + _change(values, status.read_status(), requested_by=who(request))


def _change(values: dict[str, Any], state: dict[str, Any], *, requested_by: str) -> str:
    """Change settings; what a schedule decides now is overridden for an hour, so that turning a knob is always seen."""
    override: dict[str, Any] = {}
    if values.get("power") and state["power_reason"] == "schedule":
        override["power"] = True
    if "brightness" in values and state["brightness_reason"]:
        override["brightness"] = values.pop("brightness")
    if override:
        values = {**values, "override": {**_kept_override(state), **override, "seconds": OVERRIDE_SECONDS}}
    elif values.get("power") is False and state["power_reason"] == "override":
        values = {**values, "override": None}
    commands.change_settings(values, requested_by=requested_by)
    return " In an hour the schedule goes on." if override else ""


def _kept_override(state: dict[str, Any]) -> dict[str, Any]:
    return {name: state[name] for name in ("power", "brightness") if state[f"{name}_reason"] == "override"}


def _now(state: dict[str, Any]) -> dict[str, Any]:
    names = plugin_names()
    shown, following, asked = (_named(state.get(key), names) for key in ("now", "next", "on_demand"))
    said = state["now"] if (state["now"] or {}).get("reason") == "notification" else None
    return {
        "state": state,
        "said": said,
        "now": shown,
        "next": following,
        "on_demand": asked,
        "reason": REASONS.get((shown or {}).get("reason", ""), ""),
    }


def _rest(state: dict[str, Any]) -> dict[str, Any]:
    return {**read_overview(), "state": state}


def _named(what: Any, names: dict[str, str]) -> dict[str, Any] | None:
    if not isinstance(what, dict) or not what.get("plugin_id"):
        return None
    return {**what, "name": names.get(what["plugin_id"], what["plugin_id"])}


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
