"""Installed plugins: their order, state and everything that can be done with one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from plugins_app.access import Role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who, with_query
from plugins_app.exceptions import BadRequest
from plugins_app.lifecycle import enable, listing, requests
from plugins_app.lifecycle.removed import removed_plugins
from plugins_app.lifecycle.versions import versions_of
from plugins_app.models import Operation

PER_PAGE = 50
LIST, VERSIONS = "plugins_app/installed/list.html", "plugins_app/installed/version_list.html"


@page()
def installed(request: HttpRequest) -> HttpResponse:
    """Show the installed plugins."""
    shown = _rows(request)
    address = with_query(reverse("installed-page-list"), page=str(shown["shown"].number))
    fragment = render_fragment(request, LIST, shown, address=address)
    return render_page(request, "plugins_app/installed/page.html", {"fragment": fragment}, title="Installed plugins")


@page()
def installed_list(request: HttpRequest) -> HttpResponse:
    """Answer the list alone, once a second."""
    return answer_fragment(request, LIST, _rows(request))


@action()
def toggle(request: HttpRequest, plugin_id: str) -> str:
    """Turn a plugin on or off."""
    plugin = enable.set_enabled(plugin_id, enabled=request.POST.get("enabled") == "true", requested_by=who(request))
    return f"{plugin.name} is {'on' if plugin.enabled else 'off'}."


@action()
def move(request: HttpRequest, plugin_id: str) -> str:
    """Move a plugin up or down in the order."""
    step = {"up": -1, "down": 1}.get(request.POST.get("direction", ""))
    if step is None:
        raise BadRequest("The direction is up or down.")
    ids = [row["id"] for row in listing.installed_plugins()]
    enable.set_order(moved(ids, plugin_id, step=step), requested_by=who(request))
    return "The order is changed."


@page()
def versions(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Show which versions of a plugin can be had."""
    found = versions_of(plugin_id)
    fragment = render_fragment(request, VERSIONS, _versions(plugin_id), address=reverse("plugin-versions-list", args=[plugin_id]))
    return render_page(request, "plugins_app/installed/versions.html", {"fragment": fragment}, title=f"Versions of {found['name']}")


@page()
def versions_list(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Answer the versions alone, once a second."""
    return answer_fragment(request, VERSIONS, _versions(plugin_id))


@action()
def update(request: HttpRequest, plugin_id: str) -> str:
    """Update a plugin, to the newest version or to the one that was chosen."""
    version = request.POST.get("version", "")[:50]
    operation = requests.request_update(plugin_id, version=version, requested_by=who(request))
    return f"Changing {operation.plugin_id} to version {version}." if version else f"Updating {operation.plugin_id}."


@action()
def roll_back(request: HttpRequest, plugin_id: str) -> str:
    """Put the previous version back."""
    return f"Going back to the earlier version of {requests.request_rollback(plugin_id, requested_by=who(request)).plugin_id}."


@action()
def undo(request: HttpRequest, plugin_id: str) -> str:
    """Bring a removed plugin back."""
    return f"Bringing {requests.request_undo_uninstall(plugin_id, requested_by=who(request)).plugin_id} back."


@action(Role.ADMIN)
def purge(request: HttpRequest, plugin_id: str) -> str:
    """Delete for good what was kept of a removed plugin."""
    return f"Deleting what was kept of {requests.request_purge(plugin_id, requested_by=who(request)).plugin_id}."


@action()
def check(request: HttpRequest) -> str:
    """Compare the disk with the rows and repair what can be repaired."""
    requests.request_reconcile(force=False, requested_by=who(request))
    return "Checking the plugins on disk."


@page(Role.ADMIN, methods=("GET", "POST"))
def uninstall(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Ask whether to remove a plugin, and whether to keep its settings; then do it."""
    plugin = requests.get_installed(plugin_id)
    if request.method == "POST":
        _uninstall(request, plugin_id)
        return redirect("installed-page")
    return render_page(request, "plugins_app/installed/uninstall.html", {"plugin": plugin}, title=f"Uninstall {plugin.name}")


@action(Role.ADMIN)
def _uninstall(request: HttpRequest, plugin_id: str) -> str:
    keeps = request.POST.get("preserve_config") == "true"
    return f"Removing {requests.request_uninstall(plugin_id, preserve_config=keeps, requested_by=who(request)).plugin_id}."


def moved(ids: list[str], plugin_id: str, *, step: int) -> list[str]:
    """Return the ids with one of them a place further up or down."""
    if plugin_id not in ids:
        return ids
    here = ids.index(plugin_id)
    there = min(max(here + step, 0), len(ids) - 1)
    return [*(others := [other for other in ids if other != plugin_id])[:there], plugin_id, *others[there:]]


def _versions(plugin_id: str) -> dict[str, Any]:
    found = versions_of(plugin_id)
    work = Operation.objects.open().filter(plugin_id__iexact=plugin_id).first()
    last = Operation.objects.filter(plugin_id__iexact=plugin_id, kind__in=("update", "rollback")).order_by("-pk").first()
    return {**found, "work": work, "last": last}


def _rows(request: HttpRequest) -> dict[str, Any]:
    shown = Paginator(listing.installed_plugins(), PER_PAGE).get_page(request.GET.get("page"))
    work = {operation.plugin_id.lower(): operation for operation in Operation.objects.open().exclude(plugin_id="")}
    rows = list(shown)
    for row in rows:
        row["work"] = work.get(row["id"].lower())
    installing = [one for one in work.values() if one.kind == "install"]
    return {"rows": rows, "shown": shown, "installing": installing, "removed": removed_plugins()}
