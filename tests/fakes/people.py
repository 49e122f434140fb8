"""Users of every role, and clients that act as them."""

from __future__ import annotations

import functools

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from plugins_app.access import Role, set_role

PASSWORD = "correct horse battery"


def make_user(role: Role | None = Role.ADMIN, name: str = "") -> User:
    """Create a user of a role; None for one without."""
    user = User.objects.create(username=name or (role.value if role else "stranger"), password=_hashed(PASSWORD))
    if role is not None:
        set_role(user, role)
    return user


@functools.cache
def _hashed(password: str) -> str:
    return make_password(password)


def client_of(role: Role | None = Role.ADMIN) -> APIClient:
    """Return an API client that sends the token of a new user of a role; None for one without a role."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=make_user(role)).key}")
    return client
