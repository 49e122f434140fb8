"""Settings of one plugin as a form that is built from its schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from plugins_app.access import Role, has_role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who
from plugins_app.config import form, store
from plugins_app.config.form import FormField
from plugins_app.config.location import located
from plugins_app.exceptions import BadRequest
from plugins_app.lifecycle import requests
from plugins_app.models import Plugin
from plugins_app.panel import read_panel

UNPROCESSABLE = 422
PROBLEM = "plugins_app/settings/problem.html"


@page(methods=("GET", "POST"))
def plugin_settings(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Show the form; save it on POST."""
    plugin = requests.get_installed(plugin_id)
    if request.method == "POST":
        return _save(request, plugin.plugin_id)
    values = store.masked_settings(plugin)
    return _show(request, plugin, form.build_form(located(plugin.schema), values, set_secrets=store.set_secrets(plugin)))


@page()
def plugin_problem(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Answer what keeps the plugin from running with these settings, once a second."""
    return answer_fragment(request, PROBLEM, _problem(requests.get_installed(plugin_id)))


@action(Role.OPERATOR)
def reset(request: HttpRequest, plugin_id: str) -> str:
    """Put every setting back to its default."""
    store.reset_settings(plugin_id, requested_by=who(request))
    return "Every setting is back at its default."


@page(Role.OPERATOR, methods=("POST",))
def _save(request: HttpRequest, plugin_id: str) -> HttpResponse:
    plugin = requests.get_installed(plugin_id)
    posted = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    parsed = form.parse_form(located(plugin.schema), posted, store.masked_settings(plugin), set_secrets=store.set_secrets(plugin))
    problems = [problem.as_dict() for problem in parsed.problems]
    if not problems:
        try:
            store.save_settings(plugin_id, parsed.values, partial=False, requested_by=who(request))
        except BadRequest as error:
            problems = list(error.details or [{"path": "", "message": error.message}])
        else:
            messages.success(request, "Saved. The panel shows it within a second.")
            return redirect("plugin-settings-page", plugin_id)
    fields = form.build_form(located(plugin.schema), parsed.values, set_secrets=store.set_secrets(plugin), problems=problems)
    return _show(request, plugin, fields, problems=problems, status=UNPROCESSABLE)


def _problem(plugin: Plugin) -> dict[str, Any]:
    """Return what the panel says of a plugin that it cannot run as it is set, else what its trial at the installation said."""
    said = read_panel(settings.LEDSITE.run_dir).plugin(plugin.plugin_id) if plugin.enabled else {}
    reason = said.get("reason") if said.get("state") == "needs-configuration" else ""
    return {"needed": reason or plugin.setup_problem}


def _labels(fields: Iterable[FormField]) -> Iterator[tuple[str, str]]:
    for field in fields:
        yield field.pointer, field.label
        yield from ((pointer, f"{field.label}, {label}") for pointer, label in _labels(field.children))


def _show(request: HttpRequest, plugin: Plugin, fields: Any, *, problems: Any = (), status: int = 200) -> HttpResponse:
    labels = dict(_labels(fields))
    context = {
        "plugin": plugin,
        "fields": fields,
        "problems": [{**problem, "label": labels.get(problem["path"], "")} for problem in problems],
        "may_save": has_role(request.user, Role.OPERATOR),
        "panel": settings.LEDSITE.panel,
        "problem_now": render_fragment(
            request, PROBLEM, _problem(plugin), address=reverse("plugin-settings-problem", args=[plugin.plugin_id])
        ),
    }
    return render_page(request, "plugins_app/settings/page.html", context, title=f"Settings of {plugin.name}", status=status)
