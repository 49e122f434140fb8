"""What plugins may use, as a form for administrators: every number with its default and its range."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from display_app import commands
from display_app.hosting.limits import Limits
from plugins_app.access import Role
from plugins_app.admin.pages import page, render_page, who
from plugins_app.exceptions import BadRequest

GROUPS = (
    ("Time", ("turn_seconds", "first_display_seconds", "display_seconds", "update_seconds", "update_grace_seconds", "construct_seconds",
              "silence_seconds", "stop_seconds")),
    ("Size", ("memory_mb", "threads")),
    ("After crashes", ("strikes", "strike_minutes")),
    ("After errors", ("failures", "pause_seconds", "longest_pause_seconds")),
)  # fmt: skip


@page(Role.ADMIN, methods=("GET", "POST"))
def limits(request: HttpRequest) -> HttpResponse:
    """Show the form; save it on POST."""
    if request.method == "POST":
        return _save(request)
    return _show(request, commands.read_settings()["limits"])


def _save(request: HttpRequest) -> HttpResponse:
    reset = "reset" in request.POST
    try:
        changed = {each.name: None if reset else _number(request, each.name) for each in fields(Limits)}
        commands.change_settings({"limits": changed}, requested_by=who(request))
    except BadRequest as error:
        return _show(request, request.POST.dict(), problem=error)
    messages.success(request, "These are the defaults again." if reset else "Saved.")
    return redirect("plugin-limits")


def _number(request: HttpRequest, name: str) -> float | None:
    text = request.POST.get(name, "").strip()
    try:
        return float(text) if text else None
    except ValueError as error:
        raise BadRequest(f"{name} is not a number.", hint="Nothing was changed.") from error


def _text(value: object) -> str:
    """Return a number as one would type it, and what was typed as it is."""
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def _show(request: HttpRequest, values: dict[str, Any], *, problem: BadRequest | None = None) -> HttpResponse:
    known = {each.name: each for each in fields(Limits)}
    groups = [
        (
            title,
            [{"name": name, "default": known[name].default, "value": _text(values.get(name)), **known[name].metadata} for name in names],
        )
        for title, names in GROUPS
    ]
    return render_page(request, "display_app/limits.html", {"groups": groups, "problem": problem}, title="Limits for plugins")
