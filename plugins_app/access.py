"""Who may do what: three roles, kept as Django groups; a superuser is an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, User
from django.db import transaction
from django.db.models import TextChoices

if TYPE_CHECKING:
    from collections.abc import Iterable


class Role(TextChoices):
    """Viewer reads; operator also changes what runs; admin also changes what is installed and who may come in."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin", "Administrator"

    @property
    def rank(self) -> int:
        """Number that grows with the rights."""
        return list(Role).index(self)

    def includes(self, needed: Role) -> bool:
        """Tell whether somebody of this role may do what `needed` may do."""
        return self.rank >= needed.rank


def role_of(user: AbstractBaseUser | AnonymousUser | None) -> Role | None:
    """Return the highest role of a user, None for strangers; asks the database once per user object."""
    if not isinstance(user, User) or not user.is_active:
        return None
    if user.is_superuser:
        return Role.ADMIN
    if not hasattr(user, "_ledsite_role"):
        user._ledsite_role = highest(group.name for group in user.groups.all())  # type: ignore[attr-defined]
    role: Role | None = user._ledsite_role  # type: ignore[attr-defined]
    return role


def highest(names: Iterable[str]) -> Role | None:
    """Return the highest role among group names; other groups do not count."""
    roles = [Role(name) for name in names if name in Role.values]
    return max(roles, key=lambda role: role.rank, default=None)


def has_role(user: AbstractBaseUser | AnonymousUser | None, needed: Role) -> bool:
    """Tell whether a user has a role or a higher one."""
    role = role_of(user)
    return role is not None and role.includes(needed)


def set_role(user: User, role: Role) -> None:
    """Give a user exactly one role; administrators may use every page of Django's admin."""
    with transaction.atomic():
        ensure_roles()
        user.is_staff = True
        user.is_superuser = role is Role.ADMIN
        user.save(update_fields=["is_staff", "is_superuser"])
        user.groups.remove(*Group.objects.filter(name__in=Role.values))
        user.groups.add(Group.objects.get(name=role.value))
    user._ledsite_role = role  # type: ignore[attr-defined]


def ensure_roles() -> None:
    """Make the three groups where they are missing."""
    known = set(Group.objects.filter(name__in=Role.values).values_list("name", flat=True))
    Group.objects.bulk_create([Group(name=name) for name in Role.values if name not in known], ignore_conflicts=True)
