"""What shall be on the panel now: one plugin, for a time or until somebody goes back, or the next one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from display_app import commands, status
from display_app.admin.mode_rows import modes_of
from plugins_app.access import Role
from plugins_app.admin.pages import action, page, render_page, who
from plugins_app.exceptions import BadRequest, LedsiteError, NotFound
from plugins_app.models import Plugin

SHOW_TIMES = (("", "until I go back"), (60, "a minute"), (300, "5 minutes"), (1800, "half an hour"), (3600, "an hour"), (14400, "4 hours"))


@action()
def show(request: HttpRequest, plugin_id: str) -> str:
    """Show a plugin now."""
    commands.show(plugin_id, requested_by=who(request))
    name = Plugin.objects.filter(plugin_id=plugin_id).values_list("name", flat=True).first()
    return f"Showing {name or plugin_id}, until somebody goes back to the rotation on the first page."


@page(Role.OPERATOR, methods=("GET", "POST"))
def show_form(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Ask for how long and which mode; show it on POST."""
    plugin = Plugin.objects.filter(plugin_id=plugin_id).first()
    if plugin is None:
        raise NotFound(f"{plugin_id} is not installed.", code="not-installed", hint="Choose another one on the first page.")
    problem = None
    if request.method == "POST":
        try:
            _show(request, plugin_id)
            return redirect("dashboard")
        except LedsiteError as error:
            problem = error
    context = {"plugin": plugin, "modes": modes_of(plugin, status.read_status()), "times": SHOW_TIMES, "problem": problem}
    return render_page(request, "display_app/show.html", context, title=f"Show {plugin.name}")


def _show(request: HttpRequest, plugin_id: str) -> None:
    text = request.POST.get("duration", "")
    if text and not text.isdigit():
        raise BadRequest("A duration is a number of seconds.")
    mode, pinned = request.POST.get("mode") or None, "pinned" in request.POST
    commands.show(plugin_id, mode=mode, duration=float(text) if text else None, pinned=pinned, requested_by=who(request))


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
