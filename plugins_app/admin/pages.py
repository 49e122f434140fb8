"""What every page shares: roles, fragments that renew themselves, and actions that answer with a message."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from plugins_app.access import Role, has_role, role_of
from plugins_app.api.errors import status_of
from plugins_app.exceptions import LedsiteError, Refused

View = Callable[..., HttpResponse]
NO_CONTENT, NOT_FOUND = 204, 404


def page(needed: Role = Role.VIEWER, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Let a view in for a role and for methods; everybody else gets the login, or a page that says what is missing."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_login(request)
            if not has_role(request.user, needed):
                return _refuse(request, needed)
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                return view(request, *args, **kwargs)
            except LedsiteError as error:
                return _explain(request, error.message, error.hint, status=status_of(error))

        return guarded

    return decorate


def action(needed: Role = Role.OPERATOR) -> Callable[[Callable[..., str | tuple[str, str]]], View]:
    """Make a view of a function that does one thing on POST and returns the sentence to show, or that and the page to go on to."""

    def decorate(function: Callable[..., str | tuple[str, str]]) -> View:
        @page(needed, methods=("POST",))
        @functools.wraps(function)
        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                said = function(request, *args, **kwargs)
            except LedsiteError as error:
                return _report(request, error.message, level="error", hint=error.hint)
            text, address = said if isinstance(said, tuple) else (said, "")
            return _report(request, text, level="success", address=address)

        return view

    return decorate


def render_page(request: HttpRequest, template: str, context: dict[str, Any], *, title: str, status: int = 200) -> HttpResponse:
    """Render a whole page inside the admin."""
    return render(request, template, {**admin.site.each_context(request), **roles(request), "title": title, **context}, status=status)


def render_fragment(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    address: str,
    filters: str = "",
    state: object = None,
    hears: str = "",
    polls: bool = True,
) -> SafeString:
    """Render a part of a page that asks for itself once a second, with what stands in the form of the id `filters`.

    It also asks when an answer to another part sends the event `hears`; that alone unless it `polls`.
    """
    content, _ = _fragment(request, template, context, state)
    shown = {"content": content, "address": address, "filters": filters, "hears": hears, "polls": polls}
    return render_to_string("plugins_app/fragment.html", shown)


def answer_fragment(
    request: HttpRequest, template: str, context: dict[str, Any] | Callable[[], dict[str, Any]], *, state: object = None
) -> HttpResponse:
    """Answer a fragment's own request: nothing when it shows this already.

    `state` is what a fragment that costs much is made of, in few words: while it stands, the context is not even built.
    """
    if state is not None and request.GET.get("seen") == _digest(request, state):
        return HttpResponse(status=NO_CONTENT)
    content, digest = _fragment(request, template, context() if callable(context) else context, state)
    return HttpResponse(status=NO_CONTENT) if request.GET.get("seen") == digest else HttpResponse(content)


def roles(request: HttpRequest) -> dict[str, Any]:
    """Tell templates which buttons to draw."""
    user = request.user
    return {"role": role_of(user), "is_operator": has_role(user, Role.OPERATOR), "is_admin": has_role(user, Role.ADMIN)}


def who(request: HttpRequest) -> str:
    """Name the user, for operations and the audit trail."""
    return str(request.user.get_username())


def at(address: str, view: View, name: str) -> URLPattern:
    """Give a page its address below /admin/."""
    return path(address, view, name=name)


def with_query(address: str, **values: str) -> str:
    """Add what is not empty to an address as its query."""
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{address}?{query}" if query else address


def _fragment(request: HttpRequest, template: str, context: dict[str, Any], state: object = None) -> tuple[SafeString, str]:
    """Return what a fragment shows, with its digest in front (ledsite.js sends it back), and the digest."""
    html = render_to_string(template, {**roles(request), **context}, request)
    digest = _digest(request, html if state is None else state)
    return format_html('<i hidden data-seen="{}"></i>{}', digest, html), digest


def _digest(request: HttpRequest, state: object) -> str:
    return hashlib.blake2s(repr((role_of(request.user), state)).encode(), digest_size=8).hexdigest()


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(with_query(reverse("admin:login"), next=urlsplit(request.htmx.current_url or "").path))  # type: ignore[attr-defined]
    return redirect_to_login(request.get_full_path(), reverse("admin:login"))


def _refuse(request: HttpRequest, needed: Role) -> HttpResponse:
    hint = "Ask an administrator of this panel to give you that role, or log in as somebody else."
    return _explain(request, f"This needs the role {needed.value}.", hint, status=status_of(Refused("")))


def _explain(request: HttpRequest, text: str, hint: str, *, status: int) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return _report(request, text, level="error", hint=hint)
    title = "Not found" if status == NOT_FOUND else "Not possible"
    is_store = request.path.startswith(reverse("store-page")) and status == NOT_FOUND
    return render_page(
        request, "plugins_app/explained.html", {"text": text, "hint": hint, "is_store": is_store}, title=title, status=status
    )


def _report(request: HttpRequest, text: str, *, level: str, hint: str = "", address: str = "") -> HttpResponse:
    if request.htmx and not address:  # type: ignore[attr-defined]
        response = HttpResponse(status=NO_CONTENT)
        trigger_client_event(response, "toast", {"text": text, "level": level, "hint": hint})
        return trigger_client_event(response, "renew", {})
    messages.add_message(request, getattr(messages, level.upper()), f"{text} {hint}".strip())
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address or _back(request))  # type: ignore[attr-defined]


def _back(request: HttpRequest) -> str:
    """Return the page that the request came from when it is one of ours, else the dashboard."""
    referer = urlsplit(request.headers.get("Referer", ""))
    return referer.path if referer.netloc == request.get_host() and referer.path.startswith("/admin/") else reverse("admin:index")
