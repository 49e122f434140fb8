"""Checks the role that a view asks for: one for reading, one for changing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from plugins_app.access import Role, has_role

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.http import HttpRequest
    from rest_framework.request import Request
    from rest_framework.views import APIView


class RoleMissing(PermissionDenied):
    """The user is known, but may not do this."""

    def __init__(self, role: Role) -> None:
        super().__init__(f"This needs the role {role.value}.")


class HasRole(BasePermission):
    """Let in who has the view's `read_role` for reading and its `write_role` for everything else."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return True, or raise what is missing: a login or a role."""
        if not request.user or not request.user.is_authenticated:
            raise NotAuthenticated
        needed: Role = getattr(view, "read_role" if request.method in SAFE_METHODS else "write_role", Role.VIEWER)
        if not has_role(request.user, needed):
            raise RoleMissing(needed)
        return True


def check_role(user: AbstractBaseUser | AnonymousUser, needed: Role) -> None:
    """Raise RoleMissing when a user may not do what the address alone would allow."""
    if not has_role(user, needed):
        raise RoleMissing(needed)


def reader_of(request: Request | HttpRequest) -> User:
    """Return who asks: a view that got this far has let in nobody without a login."""
    assert isinstance(request.user, User)
    return request.user
