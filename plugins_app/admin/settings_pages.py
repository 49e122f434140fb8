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
from plugins_app.admin.action_pages import actions_fragment
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who
from plugins_app.config import form, store
from plugins_app.config.form import FormField
from plugins_app.config.form_files import wants_files_in_lists, wants_files_somewhere
from plugins_app.config.location import located
from plugins_app.lifecycle import requests
from plugins_app.models import Plugin
from plugins_app.panel import read_panel
from plugins_app.uploads import form_uploads, keep

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


@action(Role.OPERATOR)
def upload(request: HttpRequest, plugin_id: str) -> str:
    """Keep pictures whose paths a person will write into a setting."""
    kept = keep.take(requests.get_installed(plugin_id), request.FILES.getlist("files"), requested_by=who(request))
    return f"{len(kept)} picture{'s are' if len(kept) > 1 else ' is'} kept. The path goes into the setting that is to show it."


@action(Role.OPERATOR)
def delete_upload(request: HttpRequest, plugin_id: str, upload_id: str) -> str:
    """Delete a picture that no setting uses."""
    keep.delete(requests.get_installed(plugin_id), upload_id, requested_by=who(request))
    return "The picture is deleted."


@page(Role.OPERATOR, methods=("POST",))
def _save(request: HttpRequest, plugin_id: str) -> HttpResponse:
    plugin = requests.get_installed(plugin_id)
    posted = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    parsed = form.parse_form(located(plugin.schema), posted, store.masked_settings(plugin), set_secrets=store.set_secrets(plugin))
    problems = [problem.as_dict() for problem in parsed.problems]
    if not problems:
        problems = form_uploads.save(plugin, parsed.values, request.FILES, requested_by=who(request))
        if not problems:
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
    is_written, kept = wants_files_in_lists(plugin.schema), keep.uploads_of(plugin)
    context = {
        "plugin": plugin,
        "fields": fields,
        "problems": [{**problem, "label": labels.get(problem["path"], "")} for problem in problems],
        "kept": kept if is_written else [one for one in kept if not one.is_used],
        "paths_are_written": is_written,
        "wants_files": wants_files_somewhere(plugin.schema),
        "may_upload": has_role(request.user, Role.OPERATOR),
        "documents": keep.documents_of(plugin),
        "actions": actions_fragment(request, plugin),
        "may_save": has_role(request.user, Role.OPERATOR),
        "panel": settings.LEDSITE.panel,
        "problem_now": render_fragment(
            request, PROBLEM, _problem(plugin), address=reverse("plugin-settings-problem", args=[plugin.plugin_id])
        ),
    }
    return render_page(request, "plugins_app/settings/page.html", context, title=f"Settings of {plugin.name}", status=status)
