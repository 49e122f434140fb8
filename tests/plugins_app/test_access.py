"""Roles: groups of Django, the highest counts, a superuser is an administrator."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User

from plugins_app.access import Role, ensure_roles, has_role, role_of, set_role
from tests.fakes.people import make_user

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", Role)
def test_a_role_is_kept_and_lets_into_the_pages(role):
    user = fresh(make_user(role))
    assert (role_of(user), user.is_staff) == (role, True)


def test_a_new_role_replaces_the_old_one():
    user = make_user(Role.ADMIN)
    set_role(user, Role.VIEWER)
    assert (role_of(fresh(user)), fresh(user).is_superuser) == (Role.VIEWER, False)


def test_the_highest_of_several_groups_counts():
    user = make_user(Role.VIEWER)
    user.groups.add(Group.objects.get(name="operator"), Group.objects.create(name="gardeners"))
    assert role_of(fresh(user)) is Role.OPERATOR


def test_a_superuser_is_an_administrator():
    assert role_of(User.objects.create_superuser("root")) is Role.ADMIN


def test_strangers_and_inactive_people_have_no_role():
    user = make_user(Role.ADMIN)
    user.is_active = False
    assert (role_of(AnonymousUser()), role_of(None), role_of(user), role_of(make_user(None))) == (None, None, None, None)


def test_a_higher_role_includes_the_lower_ones():
    user = make_user(Role.OPERATOR)
    assert [has_role(user, role) for role in (Role.VIEWER, Role.OPERATOR, Role.ADMIN)] == [True, True, False]


def test_the_groups_are_made_once():
    ensure_roles()
    ensure_roles()
    assert sorted(Group.objects.values_list("name", flat=True)) == ["admin", "operator", "viewer"]
