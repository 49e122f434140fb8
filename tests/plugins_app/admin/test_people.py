"""Users and tokens on the admin's pages."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.authtoken.models import Token

from plugins_app.access import Role, role_of
from plugins_app.models import AuditEntry, Revision
from tests.fakes.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(Role.ADMIN))
    return client


def change(client: Client, user: User, **values: str) -> str:
    body = {"username": user.username, "role": "admin", "is_active": "on", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    return client.post(f"/admin/auth/user/{user.pk}/change/", {**body, **values}, follow=True).content.decode()


def test_a_new_user_gets_a_role_and_stands_in_the_trail(client):
    body = {"username": "anna", "password1": PASSWORD, "password2": PASSWORD, "role": "operator"}
    client.post("/admin/auth/user/add/", body)
    assert role_of(User.objects.get(username="anna")) is Role.OPERATOR
    assert AuditEntry.objects.filter(who="admin", what="user-add", subject="anna").exists()


def test_a_changed_role_counts_at_once(client):
    anna = make_user(Role.VIEWER, "anna")
    change(client, anna, role="operator")
    assert role_of(User.objects.get(pk=anna.pk)) is Role.OPERATOR


@pytest.mark.parametrize("values", [{"role": "viewer"}, {"is_active": ""}])
def test_the_last_administrator_stays(client, values):
    admin = User.objects.get()
    assert "This is the last administrator" in change(client, admin, **values)
    assert role_of(User.objects.get()) is Role.ADMIN
    assert client.post(f"/admin/auth/user/{admin.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_user_can_be_deleted(client):
    anna = make_user(Role.VIEWER, "anna")
    assert client.post(f"/admin/auth/user/{anna.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(User.objects.values_list("username", flat=True)) == ["admin"]


def test_a_new_token_is_shown_once_and_logged_nowhere(client):
    user = User.objects.get()
    text = client.post(f"/admin/tokens/{user.pk}/make", follow=True).content.decode()
    key = Token.objects.get().key
    assert key in text
    assert key not in client.get("/admin/tokens/").content.decode()
    assert not LogEntry.objects.exists()
    assert not [entry for entry in AuditEntry.objects.values_list("subject", "details") if key in str(entry)]


def test_a_token_is_replaced_and_taken_away(client):
    user = User.objects.get()
    client.post(f"/admin/tokens/{user.pk}/make")
    first = Token.objects.get().key
    client.post(f"/admin/tokens/{user.pk}/make")
    assert Token.objects.get().key != first
    client.post(f"/admin/tokens/{user.pk}/delete")
    assert not Token.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_tokens_are_for_administrators(role):
    client = Client()
    user = make_user(role)
    client.force_login(user)
    answers = [client.get("/admin/tokens/"), client.post(f"/admin/tokens/{user.pk}/make"), client.get("/admin/auth/user/")]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_every_change_to_people_renews_known_tokens(client):
    before = Revision.current("auth")
    change(client, make_user(Role.VIEWER, "anna"), role="operator")
    assert Revision.current("auth") > before
    before = Revision.current("auth")
    client.post("/admin/login/", {"username": "anna", "password": PASSWORD})
    assert Revision.current("auth") == before


def test_people_change_their_own_password():
    client = Client()
    client.force_login(make_user(Role.VIEWER))
    new = "quite another horse"
    body = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/admin/password_change/", body).status_code == 302
    assert User.objects.get().check_password(new)


def test_too_large_bodies_are_refused_before_anything_reads_them(client):
    for path in ("/admin/login/", "/admin/plugins/check"):
        answer = client.post(path, "x" * (4 * 1024 * 1024 + 1), content_type="multipart/form-data; boundary=x")
        assert (answer.status_code, bool(re.search("larger than the 4096 KiB", answer.content.decode()))) == (413, True)
