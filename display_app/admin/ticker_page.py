"""The ticker as a page: how it moves, who takes part and how, and what each plugin has for it now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from display_app import commands, status
from display_app.rotation.ticker import FIXED, MOST_WEIGHT, SCROLL, STATIC, TickerSettings, readable_ticker
from plugins_app.access import Role, has_role
from plugins_app.admin.pages import answer_fragment, page, render_fragment, render_page, who
from plugins_app.exceptions import BadRequest
from plugins_app.models import Plugin

LIVE = "display_app/ticker_live.html"
WAYS = (("", "as the plugin says"), (SCROLL, "passes by"), (FIXED, "passes in one block"), (STATIC, "stops on the whole panel"))
WAY_WORDS = {SCROLL: "passes by", FIXED: "one block", STATIC: "stops"}
NUMBERS = {"speed": float, "gap": int, "item_gap": int, "width_percent": int, "live_weight": int}
FLAGS = ("enabled", "trim", "live_in_ticker")


@page(methods=("GET", "POST"))
def ticker(request: HttpRequest) -> HttpResponse:
    """Show the form; save it on POST."""
    if request.method == "POST":
        return _save(request)
    return _show(request, commands.read_settings()["ticker"])


@page()
def live(request: HttpRequest) -> HttpResponse:
    """Answer what each plugin has, once a second."""
    return answer_fragment(request, LIVE, _live())


@page(Role.OPERATOR, methods=("POST",))
def _save(request: HttpRequest) -> HttpResponse:
    try:
        commands.change_settings({"ticker": _read(request)}, requested_by=who(request))
    except BadRequest as error:
        return _show(request, {**commands.read_settings()["ticker"], **request.POST.dict()}, problem=error)
    messages.success(request, "Saved.")
    return redirect("ticker-page")


def _read(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    found: dict[str, Any] = {name: name in post for name in FLAGS}
    try:
        found |= {name: kind(post.get(name, "")) for name, kind in NUMBERS.items()}
        plugin_ids = sorted(post.getlist("plugin"), key=lambda plugin_id: int(post.get(f"{plugin_id}-place") or 999))
        weights = {plugin_id: int(text) for plugin_id in plugin_ids if (text := post.get(f"{plugin_id}-weight", ""))}
    except ValueError as error:
        raise BadRequest("That is no number.", hint="Nothing was changed.") from error
    return found | {
        "order": plugin_ids,
        "excluded": [plugin_id for plugin_id in plugin_ids if f"{plugin_id}-in" not in post],
        "plugins": {plugin_id: {"way": post.get(f"{plugin_id}-way", ""), "weight": weights.get(plugin_id)} for plugin_id in plugin_ids},
    }


def _show(request: HttpRequest, values: dict[str, Any], *, problem: BadRequest | None = None) -> HttpResponse:
    context = {
        "values": values,
        "rows": _rows(readable_ticker(commands.read_settings()["ticker"])),
        "ways": WAYS,
        "weights": range(1, MOST_WEIGHT + 1),
        "problem": problem,
        "may_save": has_role(request.user, Role.OPERATOR),
        "live_fragment": render_fragment(request, LIVE, _live(), address=reverse("ticker-live")),
    }
    return render_page(request, "display_app/ticker.html", context, title="Ticker")


def _rows(settings: TickerSettings) -> list[dict[str, Any]]:
    """Return the plugins that are switched on, in the order of the ticker, those that stay out last."""
    names = dict(Plugin.objects.wanted_on().in_order().values_list("plugin_id", "name"))
    inside = settings.in_order(list(names))
    ordered = inside + [plugin_id for plugin_id in names if plugin_id not in inside]
    return [
        {"id": plugin_id, "name": names[plugin_id], "place": place, "is_in": plugin_id in inside, "part": settings.part_of(plugin_id)}
        for place, plugin_id in enumerate(ordered, start=1)
    ]


def _live() -> dict[str, Any]:
    state = status.read_status()
    names = dict(Plugin.objects.values_list("plugin_id", "name"))
    parts = (state["ticker"] or {}).get("plugins", [])
    rows = [{**part, "name": names.get(part["plugin_id"], part["plugin_id"]), "words": WAY_WORDS.get(part["way"], "")} for part in parts]
    now = state["now"] or {}
    asked = (state["on_demand"] or {}).get("plugin_id", "")
    showing = now.get("plugin_id") if now.get("reason") == "ticker" else None
    return {"state": state, "parts": rows, "showing": showing, "asked": names.get(asked, asked)}
