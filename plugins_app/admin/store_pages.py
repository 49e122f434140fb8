"""The store: what is on offer, installing it, and installing from elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from plugins_app.access import Role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who
from plugins_app.exceptions import BadRequest
from plugins_app.lifecycle import listing, requests
from plugins_app.models import Operation, OperationKind
from plugins_app.store import catalogue

LIST = "plugins_app/store/list.html"
FILTERS = ("query", "category", "tag", "sort")
SORTS = (("", "Registry order"), ("name", "Name"), ("stars", "Stars"), ("newest", "Newest"), ("updated", "Last updated"))
RESULT_SHOWN_FOR = timedelta(minutes=2)


@page()
def store(request: HttpRequest) -> HttpResponse:
    """Show the store with its filters."""
    chosen = _chosen(request)
    fragment = render_fragment(request, LIST, _offers(chosen), address=reverse("store-page-list"), filters="store-filters")
    facets = catalogue.facets()
    context = {"fragment": fragment, "chosen": chosen, "categories": facets.categories, "tags": facets.tags, "sorts": SORTS}
    return render_page(request, "plugins_app/store/page.html", context, title="Store")


@page()
def store_list(request: HttpRequest) -> HttpResponse:
    """Answer the list alone: when filters change, and once a second."""
    return answer_fragment(request, LIST, _offers(_chosen(request)))


@action(Role.OPERATOR)
def refresh(request: HttpRequest) -> str:
    """Ask the registries now."""
    requests.request_refresh(force=True, requested_by=who(request))
    return "Asking the registries for what is new."


@action(Role.ADMIN)
def install(request: HttpRequest) -> str:
    """Install a plugin of the store."""
    operation = requests.request_install(request.POST.get("plugin_id", ""), requested_by=who(request))
    return f"Installing {operation.plugin_id}."


@page(Role.ADMIN)
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Show the forms for an address and for a file."""
    return render_page(request, "plugins_app/store/elsewhere.html", {}, title="Install from elsewhere")


@action(Role.ADMIN)
def install_from_url(request: HttpRequest) -> str:
    """Install from an https address."""
    fields = {name: request.POST.get(name, "").strip() for name in ("url", "plugin_path", "branch")}
    if not fields["url"]:
        raise BadRequest("There is no address.", hint="Give the address of a GitHub repository or of a zip.")
    operation = requests.request_install_from_url(
        fields["url"], plugin_path=fields["plugin_path"], branch=fields["branch"], requested_by=who(request)
    )
    return f"Installing {operation.plugin_id or fields['url']}. See Operations for how it goes."


@action(Role.ADMIN)
def install_upload(request: HttpRequest) -> str:
    """Install an uploaded zip."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise BadRequest("There is no file.", hint="Choose the zip of a plugin.")
    operation = requests.request_install_upload(file, filename=file.name or "", requested_by=who(request))  # type: ignore[arg-type]
    return f"Installing {operation.plugin_id or file.name}. See Operations for how it goes."


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:200] for name in FILTERS}


def _offers(chosen: dict[str, str]) -> dict[str, Any]:
    offers = catalogue.browse(**chosen).as_dict()
    states = {row["id"].lower(): row for row in listing.installed_plugins()}
    work = _work_by_id()
    for offer in offers["results"]:
        names = [name.lower() for name in (offer.get("installed_id"), offer["plugin_path"].rpartition("/")[2], offer["id"]) if name]
        offer["work"] = next((work[name] for name in names if name in work), None)
        offer["state"] = next((states[name] for name in names if name in states), None)
    refreshing = Operation.objects.open().filter(kind=OperationKind.REFRESH).exists()
    return {**offers, "chosen": chosen, "is_filtered": any(chosen[name] for name in ("query", "category", "tag")), "refreshing": refreshing}


def _work_by_id() -> dict[str, Operation]:
    """Map ids, as plugins and as registries call them, to the newest operation that is open or has just ended."""
    recent = Q(finished_at__gte=timezone.now() - RESULT_SHOWN_FOR)
    rows = (Operation.objects.open() | Operation.objects.filter(recent)).exclude(plugin_id="").order_by("pk")
    found: dict[str, Operation] = {}
    for operation in rows:
        for name in (operation.plugin_id, operation.arguments.get("registry_id") or ""):
            found[str(name).lower()] = operation
    return found
