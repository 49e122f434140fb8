"""Whoever changes people, groups, rights or tokens, and however: known tokens are looked up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User, update_last_login
from django.db import connection
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from plugins_app.access import Role, set_role
from plugins_app.auth_triggers import watch_auth_tables
from plugins_app.models import Revision
from tests.fakes.people import make_user

pytestmark = pytest.mark.django_db
INSTALLED = "/api/v3/plugins/installed"


def sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def saved(item: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    item.save(update_fields=list(values))


def group() -> Group:
    return Group.objects.get(name=Role.OPERATOR)


CHANGES: dict[str, Callable[[User], Any]] = {
    "password": lambda user: saved(user, password="!"),
    "role": lambda user: set_role(user, Role.VIEWER),
    "groups": lambda user: user.groups.clear(),
    "groups-as-rows": lambda user: User.groups.through.objects.filter(user=user).delete(),
    "group-renamed": lambda user: saved(group(), name="was"),
    "group-deleted": lambda user: group().delete(),
    "right-of-a-user": lambda user: user.user_permissions.add(Permission.objects.first()),
    "right-of-a-group": lambda user: group().permissions.add(Permission.objects.first()),
    "right-deleted": lambda user: Permission.objects.first().delete(),
    "token-deleted": lambda user: Token.objects.filter(user=user).delete(),
    "token-replaced": lambda user: Token.objects.filter(user=user).update(key="f" * 40),
    "user-deleted": lambda user: user.delete(),
    "off": lambda user: saved(user, is_active=False),
    "off-by-update": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "off-by-bulk-update": lambda user: User.objects.bulk_update([User(pk=user.pk, is_active=False)], ["is_active"]),
    "off-by-sql": lambda user: sql("UPDATE auth_user SET is_active = 0"),
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_change_is_seen_by_the_next_request(how: str) -> None:
    user = make_user(Role.OPERATOR)
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    assert program.get(INSTALLED).status_code == 200
    before = Revision.current("auth")
    CHANGES[how](user)
    assert Revision.current("auth") > before
    expected = 401 if how.startswith(("token", "user", "off")) else 403 if how.startswith("group") else 200
    assert program.get(INSTALLED).status_code == expected


def test_a_mere_login_changes_nothing() -> None:
    user = make_user(Role.OPERATOR)
    before = Revision.current("auth")
    update_last_login(None, user)
    assert Revision.current("auth") == before


def test_what_is_not_committed_never_happened() -> None:
    user = make_user(Role.OPERATOR)
    before = Revision.current("auth")
    sql("SAVEPOINT trial")
    User.objects.filter(pk=user.pk).update(is_active=False)
    sql("ROLLBACK TO trial")
    assert Revision.current("auth") == before


def test_triggers_that_a_migration_lost_are_made_again() -> None:
    sql("DROP TRIGGER auth_revision_auth_user_update")
    watch_auth_tables(using="default")
    before = Revision.current("auth")
    User.objects.filter(pk=make_user(Role.OPERATOR).pk).update(is_active=False)
    assert Revision.current("auth") > before + 1
