"""Tokens for programs: who has one, making a new one, which is shown once, and taking it away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from rest_framework.authtoken.models import Token

from plugins_app import audit
from plugins_app.access import Role, role_of
from plugins_app.admin.pages import page, render_page, who

PER_PAGE = 50


@page(Role.ADMIN)
def tokens(request: HttpRequest) -> HttpResponse:
    """Show everybody who may log in, and whether a program may act for them."""
    made = dict(Token.objects.values_list("user_id", "created"))
    people = User.objects.filter(is_active=True).prefetch_related("groups").order_by("username")
    shown = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"user": user, "role": role_of(user), "made_at": made.get(user.pk)} for user in shown]
    return render_page(request, "plugins_app/tokens.html", {"rows": rows, "shown": shown}, title="Tokens")


@page(Role.ADMIN, methods=("POST",))
def make_token(request: HttpRequest, user_id: int) -> HttpResponse:
    """Make a token in the place of the old one and show it this once."""
    user = get_object_or_404(User, pk=user_id, is_active=True)
    with transaction.atomic():
        Token.objects.filter(user=user).delete()
        token = Token.objects.create(user=user)
        audit.record(who(request), "token-add", user.username)
    messages.success(request, f"The token of {user.username}: {token.key} (copy it now, it is not shown again)")
    return redirect("tokens-page")


@page(Role.ADMIN, methods=("POST",))
def delete_token(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take a token away; programs that use it are strangers from now on."""
    user = get_object_or_404(User, pk=user_id)
    with transaction.atomic():
        for token in Token.objects.filter(user=user):
            token.delete()
        audit.record(who(request), "token-delete", user.username)
    messages.success(request, f"{user.username} has no token any more.")
    return redirect("tokens-page")
