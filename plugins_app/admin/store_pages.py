"""The store: what is on offer, installing it, and installing from elsewhere."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import replace_url

from plugins_app.access import Role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who
from plugins_app.admin.store_list import SORTS, Around, Asked, list_context
from plugins_app.api.permissions import reader_of
from plugins_app.exceptions import BadRequest, LedsiteError
from plugins_app.lifecycle import requests
from plugins_app.models import OperationKind
from plugins_app.store import changes

LIST = "plugins_app/store/list.html"
UNPROCESSABLE = 422


@page()
def store(request: HttpRequest) -> HttpResponse:
    """Show the store with its filters, and what changed since the last visit."""
    asked, news, around = Asked.of(request), changes.open_visit(reader_of(request)), Around.look()
    shown, state = list_context(asked, news, around), (asked, news, around.state())
    fragment = render_fragment(request, LIST, shown, address=reverse("store-page-list"), filters="store-filters", state=state)
    return render_page(request, "plugins_app/store/page.html", {"fragment": fragment, "asked": asked, "sorts": SORTS}, title="Store")


@page()
def store_list(request: HttpRequest) -> HttpResponse:
    """Answer the list alone: when filters change, when its end is reached, and once a second; the address follows."""
    asked, news, around = Asked.of(request), changes.news(reader_of(request)), Around.look()
    answer = answer_fragment(request, LIST, lambda: list_context(asked, news, around), state=(asked, news, around.state()))
    address = asked.address(page=asked.page)
    is_other = answer.content and address != request.htmx.current_url_abs_path  # type: ignore[attr-defined]
    return replace_url(answer, address) if is_other else answer


@action(Role.VIEWER)
def changes_seen(request: HttpRequest) -> str:
    """Take the marks of what changed away."""
    changes.mark_as_seen(reader_of(request))
    return "Marked as seen."


@action(Role.OPERATOR)
def refresh(request: HttpRequest) -> str:
    """Ask the registries now."""
    requests.request_refresh(force=True, requested_by=who(request))
    return "Asking the registries for what is new."


@action(Role.ADMIN)
def install(request: HttpRequest) -> str:
    """Install a plugin of the store."""
    version = request.POST.get("version") or None
    operation = requests.request_install(request.POST.get("plugin_id", ""), version=version, requested_by=who(request))
    return f"Installing {operation.plugin_id}."


@action(Role.ADMIN)
def draw(request: HttpRequest) -> str:
    """Draw a plugin of the store that is not installed."""
    operation = requests.request_preview(request.POST.get("plugin_id", ""), requested_by=who(request))
    return f"Drawing {operation.plugin_id}; nothing is installed."


@page(Role.ADMIN, methods=("GET", "POST"))
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Show the forms for an address and for a file; install from the address that was posted."""
    fields = {name: request.POST.get(name, "").strip() for name in ("url", "plugin_path", "branch")}
    if request.method == "GET":
        return _ask(request, fields)
    try:
        if not fields["url"]:
            raise BadRequest("There is no address.", hint="Give the address of a GitHub repository or of a zip.")
        operation = requests.request_install_from_url(**fields, requested_by=who(request))
    except LedsiteError as error:
        return _ask(request, fields, problem=error)
    messages.success(request, f"Installing {operation.plugin_id}.")
    return redirect("operation-page", operation.pk)


@action(Role.ADMIN)
def install_upload(request: HttpRequest) -> tuple[str, str]:
    """Install an uploaded zip."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise BadRequest("There is no file.", hint="Choose the zip of a plugin.")
    operation = requests.request_install_upload(file, filename=file.name or "", requested_by=who(request))  # type: ignore[arg-type]
    verb = "Updating" if operation.kind == OperationKind.UPDATE else "Installing"
    return f"{verb} {operation.plugin_id}.", reverse("operation-page", args=[operation.pk])


def _ask(request: HttpRequest, fields: dict[str, str], *, problem: LedsiteError | None = None) -> HttpResponse:
    context = {"values": fields, "problem": problem}
    status = UNPROCESSABLE if problem else 200
    return render_page(request, "plugins_app/store/elsewhere.html", context, title="Install from elsewhere", status=status)
