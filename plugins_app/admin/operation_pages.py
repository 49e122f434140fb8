"""Operations: what is under way, what happened, with the log; cancelling and trying again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from plugins_app.access import Role, has_role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who
from plugins_app.exceptions import NotFound, Refused
from plugins_app.lifecycle import requests
from plugins_app.models import Operation, OperationKind, OperationStatus, Plugin
from plugins_app.operations import cancel as cancelling
from plugins_app.templatetags.ledsite import operation_words

LIST, DETAIL = "plugins_app/operations/list.html", "plugins_app/operations/detail.html"
PER_PAGE = 25
MOST_LINES = 500
FILTERS = ("kind", "status", "plugin_id", "requested_by", "page")


@page()
def operations(request: HttpRequest) -> HttpResponse:
    """Show the list with its filters."""
    chosen = _chosen(request)
    fragment = render_fragment(request, LIST, _page_of(chosen), address=reverse("operations-page-list"), filters="operation-filters")
    context = {
        "fragment": fragment,
        "chosen": chosen,
        "kinds": OperationKind.values,
        "statuses": OperationStatus.values,
        "people": Operation.objects.people(),
    }
    return render_page(request, "plugins_app/operations/page.html", context, title="Operations")


@page()
def operations_list(request: HttpRequest) -> HttpResponse:
    """Answer the list alone."""
    return answer_fragment(request, LIST, _page_of(_chosen(request)))


@page()
def operation(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Show one operation."""
    found = _find(operation_id)
    address = reverse("operation-page-live", args=[operation_id])
    fragment = render_fragment(request, DETAIL, _detail(request, found), address=address)
    return render_page(request, "plugins_app/operations/one.html", {"fragment": fragment}, title=operation_words(found))


@page()
def operation_live(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Answer what changes on the page of one operation."""
    return answer_fragment(request, DETAIL, _detail(request, _find(operation_id)))


@action()
def cancel(request: HttpRequest, operation_id: int) -> str:
    """Stop an operation."""
    cancelling.cancel(operation_id, requested_by=who(request))
    return "It will stop at its next step."


@action()
def retry(request: HttpRequest, operation_id: int) -> tuple[str, str]:
    """Do it again, and go on to the page of the new operation."""
    refuse_by_kind(request, _find(operation_id))
    anew = requests.request_again(operation_id, requested_by=who(request))
    return "Trying again.", reverse("operation-page", args=[anew.pk])


def refuse_by_kind(request: HttpRequest, operation: Operation) -> None:
    """Leave installing and removing to administrators."""
    if requests.is_for_administrators(operation) and not has_role(request.user, Role.ADMIN):
        raise Refused("Only administrators may install and remove plugins.", code="forbidden", hint="Ask an administrator.")


def _find(operation_id: int) -> Operation:
    found = Operation.objects.filter(pk=operation_id).first()
    if found is None:
        raise NotFound(f"There is no operation {operation_id}.", code="no-such-operation")
    return found


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:100] for name in FILTERS}


def _page_of(chosen: dict[str, str]) -> dict[str, Any]:
    rows = Operation.objects.order_by("-pk")
    wanted = {name: chosen[name] for name in ("kind", "status", "requested_by") if chosen[name]}
    if chosen["plugin_id"]:
        wanted["plugin_id__icontains"] = chosen["plugin_id"]
    paginator = Paginator(rows.filter(**wanted), PER_PAGE)
    query = urlencode({name: value for name, value in chosen.items() if value and name != "page"})
    return {"rows": paginator.get_page(chosen["page"]), "query": f"{query}&" if query else "", "is_filtered": bool(wanted)}


def _detail(request: HttpRequest, operation: Operation) -> dict[str, Any]:
    may_read_log = has_role(request.user, Role.OPERATOR)
    log = list(operation.log.order_by("-pk")[:MOST_LINES]) if may_read_log else []
    may_repeat = may_read_log and operation.status in ("failed", "cancelled")
    plugin = Plugin.objects.filter(plugin_id__iexact=operation.plugin_id).first()
    return {"operation": operation, "log": log[::-1], "may_read_log": may_read_log, "may_repeat": may_repeat, "plugin": plugin}
