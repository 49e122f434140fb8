"""How plugins are, as pages: all at a glance, and one with its last error and its log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from display_app.api import health as answers
from display_app.health import overview
from display_app.health.log_lines import LEVELS
from plugins_app.access import Role
from plugins_app.admin.pages import answer_fragment, page, render_fragment, render_page

LIST = "display_app/health_list.html"


@page()
def plugins(request: HttpRequest) -> HttpResponse:
    """Show every plugin's state and numbers."""
    fragment = render_fragment(request, LIST, {"rows": overview.plugins_health()}, address=reverse("plugin-health-list"))
    return render_page(request, "display_app/health.html", {"fragment": fragment}, title="Plugin health")


@page()
def plugins_list(request: HttpRequest) -> HttpResponse:
    """Answer the same, once a second."""
    return answer_fragment(request, LIST, {"rows": overview.plugins_health()})


@page(Role.OPERATOR)
def plugin(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Show one plugin with its last error and its log from a level on."""
    row = overview.plugin_health(plugin_id)
    level = overview.checked_level(request.GET.get("level", "info"))
    context = {
        "row": row,
        "entries": overview.log_of(plugin_id, level)[::-1],
        "level": level.lower(),
        "levels": [name.lower() for name in LEVELS],
    }
    return render_page(request, "display_app/health_plugin.html", context, title=f"Health of {row['name']}")


@page(Role.OPERATOR)
def download(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Answer the whole log as a file."""
    return answers.download(plugin_id)
