"""People and their tokens: added and changed here by every command; who may do what is in `access`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from rest_framework.authtoken.models import Token

from plugins_app.access import Role, set_role
from plugins_app.audit import record
from plugins_app.exceptions import BadRequest, NotFound

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters that look alike


@dataclass(frozen=True)
class AddedUser:
    """What became of a request for a person."""

    user: User
    is_new: bool
    generated_password: str


def add_user(name: str, role: Role, *, password: str = "", requested_by: str = "command line") -> AddedUser:
    """Add a person, or give one who is there another role; without a password one is generated."""
    generated = ""
    with transaction.atomic():
        user = User.objects.filter(username=name).first()
        is_new = user is None
        if user is None:
            generated = "" if password else generate_password()
            user = _create(name, password or generated)
        set_role(user, role)
        record(requested_by, "add-user" if is_new else "change-role", name, role=role.value)
    return AddedUser(user, is_new, generated)


def token_of(name: str) -> str:
    """Return the API token of a person, making it when there is none."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise NotFound(f"There is no user {name}.", code="unknown-user", hint="Add one with `manage.py adduser`.")
    return str(Token.objects.get_or_create(user=user)[0].key)


def generate_password() -> str:
    """Return four groups of four characters: 79 bits, easy to type."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _create(name: str, password: str) -> User:
    user = User(username=name)
    try:
        user.clean_fields(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        raise BadRequest(" ".join(error.messages), code="bad-user", hint="Choose another name or password.") from error
    user.set_password(password)
    user.save()
    return user
