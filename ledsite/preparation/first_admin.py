"""The first administrator: made when there is no user at all, with a password that is shown once."""

from __future__ import annotations

from django.contrib.auth.models import User

from ledsite.env import Environment
from ledsite.problems import StartProblem
from plugins_app.access import Role, ensure_roles
from plugins_app.exceptions import BadRequest
from plugins_app.users import AddedUser, add_user


def ensure_first_admin(environment: Environment) -> AddedUser | None:
    """Make the roles and, on an empty database, the administrator; return who was made."""
    ensure_roles()
    if User.objects.exists():
        return None
    try:
        return add_user(environment.admin_user, Role.ADMIN, password=environment.admin_password, requested_by="first start")
    except BadRequest as error:
        raise StartProblem(f"LEDSITE_ADMIN_USER or LEDSITE_ADMIN_PASSWORD cannot be used: {error.message}") from error
