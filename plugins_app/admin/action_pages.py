"""The actions of a plugin on its settings page: a button for each, how far it is, the link and the code of a login."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from plugins_app.access import Role
from plugins_app.actions.ask import ask, last_runs
from plugins_app.actions.offered import actions_of
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, who
from plugins_app.lifecycle.requests import get_installed
from plugins_app.models import Plugin

ACTIONS = "plugins_app/settings/actions.html"


@page()
def actions(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Answer the actions with what came of them, once a second."""
    plugin = get_installed(plugin_id)
    context = _context(plugin)
    return answer_fragment(request, ACTIONS, context, state=_state(context))


@action(Role.OPERATOR)
def run(request: HttpRequest, plugin_id: str, action_id: str) -> str:
    """Have one of them run, or completed with the code that was pasted."""
    plugin, code = get_installed(plugin_id), request.POST.get("code", "").strip()
    ask(plugin, action_id, {"redirect_url": code[:8000]} if code else {}, requested_by=who(request))
    return "It runs in a moment."


def actions_fragment(request: HttpRequest, plugin: Plugin) -> SafeString | str:
    """Return the part of the settings page with the plugin's actions; empty when it has none with a button."""
    context = _context(plugin)
    if not context["rows"]:
        return ""
    return render_fragment(
        request, ACTIONS, context, address=reverse("plugin-actions-live", args=[plugin.plugin_id]), state=_state(context)
    )


def _context(plugin: Plugin) -> dict[str, Any]:
    visible = [one for one in actions_of(plugin.manifest) if not one.is_hidden]
    runs = last_runs(plugin) if visible else {}
    return {
        "plugin": plugin,
        "rows": [{"action": one, "run": runs.get(one.id)} for one in visible],
        "section": next((one.section for one in visible if one.section), ""),
        "is_busy": any(run.is_open for run in runs.values()),
    }


def _state(context: dict[str, Any]) -> object:
    """Return what the fragment shows, without the tokens of its forms."""
    return [(row["action"], row["run"] and (row["run"].pk, row["run"].status)) for row in context["rows"]], context["is_busy"]
