"""The GitHub token on a page: set, tested and removed, never shown again; what it allows, and how much of the budget is used."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from plugins_app.access import Role
from plugins_app.admin.pages import action, answer_fragment, page, render_fragment, render_page, who
from plugins_app.store import budget, token

STATE = "plugins_app/store/github_state.html"


@page(Role.ADMIN)
def github(request: HttpRequest) -> HttpResponse:
    """Show the state, and the form for another token."""
    fragment = render_fragment(request, STATE, _state(), address=reverse("github-page-state"))
    return render_page(request, "plugins_app/store/github.html", {"fragment": fragment, **_state()}, title="GitHub")


@page(Role.ADMIN)
def state(request: HttpRequest) -> HttpResponse:
    """Answer the state alone, once a second."""
    return answer_fragment(request, STATE, _state())


@action(Role.ADMIN)
def set_token(request: HttpRequest) -> str:
    """Keep a token and let a worker test it."""
    token.set_token(request.POST.get("token", ""), requested_by=who(request))
    return "The token is kept encrypted; a worker asks GitHub about it now."


@action(Role.ADMIN)
def check_token(request: HttpRequest) -> str:
    """Let a worker ask GitHub what the token allows."""
    token.request_check()
    return "A worker asks GitHub about the token now."


@action(Role.ADMIN)
def remove_token(request: HttpRequest) -> str:
    """Forget the token that was set here."""
    after = token.remove_token(requested_by=who(request))
    return "The token is removed; the environment's counts again." if after.origin == "environment" else "The token is removed."


def _state() -> dict[str, Any]:
    known = token.token_state()
    return {"known": known, "most": budget.WITHOUT_TOKEN if known.state in ("none", "invalid") else budget.WITH_TOKEN}
