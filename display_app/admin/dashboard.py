"""The first page: the panel as it is now, what it shows next, what is under way and what needs a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from display_app import commands, notifications, status
from display_app.admin.knobs import OVERRIDE_TIMES, override_ends
from plugins_app.admin.overview import plugin_names, read_overview
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who

NOW, REST = "display_app/now.html", "display_app/rest.html"
DECLINED_SECONDS = 60
REASONS = {"rotation": "in turn", "ticker": "on the ticker", "live": "live", "on-demand": "asked for", "notification": "a notice"}


@page()
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the panel."""
    state = status.read_status()
    context = {
        "state": state,
        "override_times": OVERRIDE_TIMES,
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


def _now(state: dict[str, Any]) -> dict[str, Any]:
    names = plugin_names()
    shown, following, asked = (_named(state.get(key), names) for key in ("now", "next", "on_demand"))
    said = state["now"] if (state["now"] or {}).get("reason") == "notification" else None
    return {
        "state": state,
        "said": said,
        "now": shown,
        "next": following,
        "on_demand": {**asked, "ends": parse_datetime(asked.get("until") or "")} if asked else None,
        "declined": _named(_declined(state), names),
        "override_ends": override_ends(state),
        "reason": REASONS.get((shown or {}).get("reason", ""), ""),
    }


def _declined(state: dict[str, Any]) -> dict[str, Any] | None:
    """Return what was asked for a moment ago and could not be shown."""
    last = state["last_on_demand"]
    if not last or last["outcome"] not in ("declined", "unable"):
        return None
    ended = parse_datetime(last["ended_at"] or "")
    return last if ended is not None and (timezone.now() - ended).total_seconds() < DECLINED_SECONDS else None


def _rest(state: dict[str, Any]) -> dict[str, Any]:
    return {**read_overview(), "state": state}


def _named(what: Any, names: dict[str, str]) -> dict[str, Any] | None:
    if not isinstance(what, dict) or not what.get("plugin_id"):
        return None
    return {**what, "name": names.get(what["plugin_id"], what["plugin_id"])}
