"""Settings of one plugin as a form that is built from its schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from plugins_app.access import Role, has_role
from plugins_app.admin.pages import action, page, render_page, who
from plugins_app.config import form, store
from plugins_app.config.form import FormField
from plugins_app.config.location import located
from plugins_app.exceptions import BadRequest
from plugins_app.lifecycle import requests
from plugins_app.models import Plugin

UNPROCESSABLE = 422


@page(methods=("GET", "POST"))
def plugin_settings(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Show the form; save it on POST."""
    plugin = requests.get_installed(plugin_id)
    if request.method == "POST":
        return _save(request, plugin.plugin_id)
    values = store.masked_settings(plugin)
    return _show(request, plugin, form.build_form(located(plugin.schema), values, set_secrets=store.set_secrets(plugin)))


@action(Role.OPERATOR)
def reset(request: HttpRequest, plugin_id: str) -> str:
    """Put every setting back to its default."""
    store.reset_settings(plugin_id, requested_by=who(request))
    return "Every setting is back at its default."


@page(Role.OPERATOR, methods=("POST",))
def _save(request: HttpRequest, plugin_id: str) -> HttpResponse:
    plugin = requests.get_installed(plugin_id)
    posted = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    parsed = form.parse_form(located(plugin.schema), posted, store.masked_settings(plugin))
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
    }
    return render_page(request, "plugins_app/settings/page.html", context, title=f"Settings of {plugin.name}", status=status)
