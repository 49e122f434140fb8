"""Upkeep: what reconciliation found, with a button for each way out; automatic updates; and the registries."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from plugins_app.access import Role, has_role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who
from plugins_app.exceptions import Refused
from plugins_app.lifecycle import automatic, requests, updating
from plugins_app.models import Operation, OperationKind, Plugin, RegistryEntry
from plugins_app.reconcile.actions import NEEDS_ADMIN, act
from plugins_app.reconcile.report import last_run
from plugins_app.store.added import add_source, remove_source
from plugins_app.store.sources import all_sources

FINDINGS, UPDATES = "plugins_app/upkeep/findings.html", "plugins_app/upkeep/updates.html"
SOURCES = "plugins_app/store/source_list.html"


@page()
def upkeep(request: HttpRequest) -> HttpResponse:
    """Show what needs a person, and how plugins are kept up to date."""
    fragment = render_fragment(request, FINDINGS, _findings(request), address=reverse("upkeep-page-findings"))
    updates = render_fragment(request, UPDATES, _updates(), address=reverse("upkeep-page-updates"))
    return render_page(request, "plugins_app/upkeep/page.html", {"fragment": fragment, "updates": updates}, title="Upkeep")


@page()
def updates(request: HttpRequest) -> HttpResponse:
    """Answer the updates alone, once a second."""
    return answer_fragment(request, UPDATES, _updates())


@page()
def findings(request: HttpRequest) -> HttpResponse:
    """Answer the findings alone, once a second."""
    return answer_fragment(request, FINDINGS, _findings(request))


@action()
def on_finding(request: HttpRequest, plugin_id: str, name: str) -> str:
    """Do something about a finding."""
    if name in NEEDS_ADMIN and not has_role(request.user, Role.ADMIN):
        raise Refused("Only administrators may take over and remove plugins.", code="forbidden", hint="Ask an administrator.")
    return act(plugin_id, name, kind=request.POST.get("kind", ""), requested_by=who(request)).message


@action()
def check(request: HttpRequest) -> str:
    """Look at everything again, and try again what was given up when that is asked for."""
    requests.request_reconcile(force=request.POST.get("force") == "true", requested_by=who(request))
    return "Checking the plugins on disk."


@action()
def update_all(request: HttpRequest) -> str:
    """Update every plugin that has something newer."""
    count = len(updating.request_update_all(requested_by=who(request)))
    return f"Updating {count} plugin{'s' if count != 1 else ''}." if count else "Every plugin is up to date."


@action(Role.ADMIN)
def policy(request: HttpRequest) -> str:
    """Turn automatic updates on or off."""
    wanted = request.POST.get("automatic") == "true"
    automatic.set_automatic(wanted, requested_by=who(request))
    return "Plugins are updated by themselves from now on." if wanted else "Plugins are updated by hand from now on."


@page(Role.ADMIN)
def sources(request: HttpRequest) -> HttpResponse:
    """Show the registries."""
    fragment = render_fragment(request, SOURCES, _sources(), address=reverse("sources-page-list"))
    return render_page(request, "plugins_app/store/sources.html", {"fragment": fragment}, title="Registries")


@page(Role.ADMIN)
def sources_list(request: HttpRequest) -> HttpResponse:
    """Answer the registries alone, once a second."""
    return answer_fragment(request, SOURCES, _sources())


@action(Role.ADMIN)
def add(request: HttpRequest) -> str:
    """Add a registry and have it asked."""
    source = add_source(request.POST.get("name", ""), request.POST.get("url", ""), requested_by=who(request))
    requests.request_refresh(requested_by=who(request))
    return f"{source.name} is added; what it offers appears in the store."


@action(Role.ADMIN)
def remove(request: HttpRequest, source_id: int) -> str:
    """Remove an added registry."""
    remove_source(source_id, requested_by=who(request))
    return "Removed. What was installed from it stays."


def _updates() -> dict[str, Any]:
    names = dict(Plugin.objects.values_list("plugin_id", "name"))
    policy, registries = automatic.describe(), all_sources()
    for one in (*policy["probation"], *policy["refused"]):
        one["name"] = names.get(one["plugin_id"], one["plugin_id"])
    return {
        "offers": [(names.get(offer.plugin_id, offer.plugin_id), offer) for offer in updating.offers()],
        "policy": policy,
        "asked_at": min((source.fetched_at for source in registries if source.fetched_at), default=None),
        "troubled": [source for source in registries if source.problem],
        "is_asking": Operation.objects.open().filter(kind=OperationKind.REFRESH).exists(),
    }


def _sources() -> dict[str, Any]:
    found = all_sources()
    offered = dict(RegistryEntry.objects.values_list("source").annotate(number=Count("pk")))
    for source in found:
        source.offered = offered.get(source.pk, 0)  # type: ignore[attr-defined]
    return {"sources": found}


def _findings(request: HttpRequest) -> dict[str, Any]:
    report = last_run()
    may = {"retry", "ignore"} | (NEEDS_ADMIN if has_role(request.user, Role.ADMIN) else set())
    names = dict(Plugin.objects.values_list("plugin_id", "name"))
    rows = [
        {**entry, "name": names.get(entry["plugin_id"], entry["plugin_id"]), "buttons": [name for name in entry["actions"] if name in may]}
        for entry in report["manual_fix_required"]
    ]
    return {"rows": rows, "fixed": report["fixed"], "finished_at": report["finished_at"]}
