"""The page of one plugin: what it is, its readme, versions, requirements and settings, and everything that can be done with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import trigger_client_event

from plugins_app.access import Role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, with_query
from plugins_app.admin.store_list import Around, names_of
from plugins_app.config.defaults import defaults_of
from plugins_app.config.form import build_form
from plugins_app.lifecycle.about import about, picture_address, why_nothing_is_seen
from plugins_app.package.compatibility import HOST_API_VERSION
from plugins_app.store import documents
from plugins_app.store.details import Details

HEAD = "plugins_app/store/details_head.html"
BODY = "plugins_app/store/details_body.html"
COMPLETE = 286
"""The status by which htmx stops asking."""
CHANGED = "details-changed"
"""The event by which the head has the rest of the page asked for again."""


@page()
def plugin_details(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Show what is stored, and let a worker fetch what is missing or old."""
    found, around = about(plugin_id, asks=True), Around.look()
    address = with_query(reverse("store-details-head", args=[plugin_id]), known=_mark(found))
    head = render_fragment(request, HEAD, _head(found, around), address=address, state=_state(plugin_id, around))
    body = render_fragment(
        request,
        BODY,
        _body(found),
        address=reverse("store-details-body", args=[plugin_id]),
        hears=CHANGED,
        polls=found.files.state == "fetching",
    )
    return render_page(request, "plugins_app/store/details.html", {"head": head, "body": body}, title=found.row["name"])


@page()
def plugin_head(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Answer the state and the buttons alone, once a second; the rest of the page is told when it is behind."""
    around = Around.look()
    answer = answer_fragment(request, HEAD, lambda: _head(about(plugin_id), around), state=_state(plugin_id, around))
    is_behind = bool(answer.content) and request.GET.get("known") != _mark(about(plugin_id))
    return trigger_client_event(answer, CHANGED, {}) if is_behind else answer


@page()
def plugin_body(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Answer what stands in its files, once a second until it is there."""
    found = about(plugin_id)
    answer = answer_fragment(request, BODY, _body(found))
    if found.files.state != "fetching" and answer.content:
        answer.status_code = COMPLETE
    return answer


@action(Role.OPERATOR)
def fetch_again(request: HttpRequest, plugin_id: str) -> str:
    """Have its files fetched now."""
    about(plugin_id, asks=True, is_forced=True)
    return "Fetching what the plugin says about itself."


def _state(plugin_id: str, around: Around) -> tuple[object, ...]:
    return plugin_id, around.state(), around.states().get(plugin_id.lower()), documents.last_tried()


def _mark(found: Details) -> str:
    """Name what the part below the head is made of."""
    fetched = found.files.fetched_at
    return f"{found.row['installed_version']} {fetched.timestamp() if fetched else ''} {'offered' if found.files.offered else ''}".strip()


def _head(found: Details, around: Around) -> dict[str, Any]:
    row, states = found.row, around.states()
    names = names_of(row)
    state = next((states[name] for name in names if name in states), None)
    picture = picture_address(found)
    return {
        "offer": row,
        "found": found,
        "picture": picture,
        "nothing_to_see": "" if picture or state else why_nothing_is_seen(row),
        "work": around.work_on(names),
        "state": state,
        "interface": HOST_API_VERSION,
    }


def _body(found: Details) -> dict[str, Any]:
    schema = found.files.schema
    return {
        "offer": found.row,
        "found": found,
        "files": found.files,
        "fields": build_form(schema, defaults_of(schema)) if schema else [],
        "to_fetch": [one for one in found.requirements if one.state == "fetched"],
    }
