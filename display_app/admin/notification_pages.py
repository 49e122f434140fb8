"""Notifications as a page: a form for a text or a picture, and what has become of the last ones."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from display_app import notifications, status
from display_app.models import Notification
from plugins_app.access import Role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who
from plugins_app.exceptions import BadRequest, Conflict
from plugins_app.models import Plugin

LIST = "display_app/notification_list.html"
SHOWN = 30
DEFAULTS = {
    "text": "",
    "priority": "normal",
    "hold": f"{notifications.DEFAULT_HOLD:g}",
    "ttl": f"{notifications.DEFAULT_TTL:g}",
    "colour": notifications.DEFAULT_COLOUR,
}


@page(methods=("GET", "POST"))
def notification_page(request: HttpRequest) -> HttpResponse:
    """Show form and list; say what was posted."""
    if request.method == "POST":
        return _say(request)
    return _show(request, DEFAULTS)


@page()
def rows(request: HttpRequest) -> HttpResponse:
    """Answer the list, once a second."""
    return answer_fragment(request, LIST, _rows())


@action()
def dismiss(request: HttpRequest, number: int) -> str:
    """Put one away."""
    notifications.dismiss(number, requested_by=who(request))
    return "Put away."


@page(Role.OPERATOR, methods=("POST",))
def _say(request: HttpRequest) -> HttpResponse:
    try:
        notifications.notify(**_read(request), requested_by=who(request))
    except (BadRequest, Conflict) as error:
        return _show(request, {**DEFAULTS, **request.POST.dict()}, problem=error)
    messages.success(request, "It is on its way to the panel.")
    return redirect("notifications-page")


def _read(request: HttpRequest) -> dict[str, Any]:
    post, picture = request.POST, request.FILES.get("image")
    if picture is not None and (picture.size or 0) > notifications.MOST_IMAGE_BYTES:
        raise BadRequest("The picture is too large.", code="bad-image", hint=notifications.PNG_HINT)
    try:
        hold, ttl = float(post.get("hold", "")), float(post.get("ttl", ""))
    except ValueError as error:
        raise BadRequest("Seconds are a number.", code="bad-hold", hint="Nothing was sent.") from error
    return {
        "text": post.get("text", ""),
        "image": base64.b64encode(picture.read()).decode() if picture is not None else "",
        "priority": post.get("priority", "normal"),
        "hold": hold,
        "ttl": ttl,
        "colour": post.get("colour", notifications.DEFAULT_COLOUR),
    }


def _show(request: HttpRequest, values: dict[str, Any], *, problem: BadRequest | Conflict | None = None) -> HttpResponse:
    fragment = render_fragment(request, LIST, _rows(), address=reverse("notifications-list"))
    context = {"values": values, "problem": problem, "fragment": fragment, "most_text": notifications.MOST_TEXT}
    return render_page(request, "display_app/notifications.html", context, title="Notifications")


def _rows() -> dict[str, Any]:
    state, rows = status.read_status(), notifications.describe(list(Notification.objects.all()[:SHOWN]))
    asked = (state["on_demand"] or {}).get("plugin_id", "")
    name = Plugin.objects.filter(plugin_id=asked).values_list("name", flat=True).first() if asked else ""
    is_held = any(row["state"] == "waiting" and row["priority"] == "normal" for row in rows)
    return {"rows": rows, "state": state, "asked": name or asked, "is_held": is_held}
