"""The page of one plugin: what it is, its readme, versions, requirements and settings, and everything that can be done with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from plugins_app.access import Role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page
from plugins_app.admin.store_list import names_of, work_by_id
from plugins_app.config.defaults import defaults_of
from plugins_app.config.form import build_form
from plugins_app.lifecycle import listing
from plugins_app.lifecycle.about import about, picture_address
from plugins_app.store.details import Details

HEAD = "plugins_app/store/details_head.html"
BODY = "plugins_app/store/details_body.html"
COMPLETE = 286
"""The status by which htmx stops asking."""


@page()
def plugin_details(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Show what is stored, and let a worker fetch what is missing or old."""
    found = about(plugin_id, asks=True)
    context = {
        "head": render_fragment(request, HEAD, _head(found), address=reverse("store-details-head", args=[plugin_id])),
        "body": render_fragment(request, BODY, _body(found), address=reverse("store-details-body", args=[plugin_id])),
        "is_complete": found.files.state != "fetching",
        **_body(found),
    }
    return render_page(request, "plugins_app/store/details.html", context, title=found.row["name"])


@page()
def plugin_head(request: HttpRequest, plugin_id: str) -> HttpResponse:
    """Answer the state and the buttons alone, once a second."""
    return answer_fragment(request, HEAD, _head(about(plugin_id)))


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


def _head(found: Details) -> dict[str, Any]:
    row = found.row
    names, work = names_of(row), work_by_id()
    states = {one["id"].lower(): one for one in listing.installed_plugins()}
    return {
        "offer": row,
        "found": found,
        "picture": picture_address(found),
        "work": next((work[name] for name in names if name in work), None),
        "state": next((states[name] for name in names if name in states), None),
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
