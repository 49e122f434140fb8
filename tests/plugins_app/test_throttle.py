"""Guessing passwords is slowed down, for everybody who comes from one address and for every name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from plugins_app.models import AuditEntry, LoginAttempts
from plugins_app.throttle import FREE_PER_ADDRESS, FREE_PER_NAME, forgive_attempt, take_attempt
from tests.fakes.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_a_name_has_five_free_attempts():
    assert [take_attempt("192.0.2.1", "admin", now=NOW) for _ in range(FREE_PER_NAME + 1)] == [0] * FREE_PER_NAME + [30]


def test_each_further_attempt_waits_twice_as_long():
    for _ in range(FREE_PER_NAME):
        take_attempt("192.0.2.1", "admin", now=NOW)
    assert take_attempt("192.0.2.1", "admin", now=NOW + timedelta(seconds=31)) == 0
    assert take_attempt("192.0.2.1", "admin", now=NOW + timedelta(seconds=31)) == 60


def test_the_case_of_a_name_does_not_matter():
    for _ in range(FREE_PER_NAME):
        take_attempt("192.0.2.1", "Admin", now=NOW)
    assert take_attempt("192.0.2.1", "aDMIN", now=NOW) > 0


def test_another_address_and_another_name_are_free():
    for _ in range(FREE_PER_NAME):
        take_attempt("192.0.2.1", "admin", now=NOW)
    assert (take_attempt("192.0.2.2", "admin", now=NOW), take_attempt("192.0.2.1", "anna", now=NOW)) == (0, 0)


def test_many_names_from_one_address_wait_too():
    assert [take_attempt("192.0.2.1", f"name{n}", now=NOW) for n in range(FREE_PER_ADDRESS + 1)][-1] > 0


def test_a_success_makes_free_again_and_old_attempts_are_forgotten():
    take_attempt("192.0.2.1", "admin", now=NOW)
    forgive_attempt("192.0.2.1", "admin")
    take_attempt("192.0.2.1", "anna", now=NOW)
    take_attempt("192.0.2.9", "bert", now=NOW + timedelta(minutes=16))
    assert list(LoginAttempts.objects.values_list("count", flat=True)) == [1, 1]


def test_the_login_page_says_how_long_to_wait_and_looks_at_no_password_meanwhile():
    make_user()
    client = Client()
    for _ in range(FREE_PER_NAME):
        client.post("/admin/login/", {"username": "admin", "password": "wrong"})
    answer = client.post("/admin/login/", {"username": "admin", "password": PASSWORD})
    assert "Too many attempts. Try again in" in answer.content.decode()
    assert client.get("/admin/plugins/").status_code == 302


def test_a_login_stands_in_the_audit_trail():
    make_user()
    Client().post("/admin/login/", {"username": "admin", "password": PASSWORD})
    assert AuditEntry.objects.filter(who="admin", what="login").count() == 1
