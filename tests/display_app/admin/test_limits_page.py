"""The form of the limits for plugins: for administrators, with words for what cannot be."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.test import Client

from display_app.admin.limits_page import GROUPS
from display_app.hosting.limits import Limits
from display_app.models import DisplaySettings
from plugins_app.access import Role
from tests.fakes.people import client_of, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/panel/limits/"


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make_user(Role.ADMIN))
    return client


def test_the_form_has_every_number() -> None:
    assert {name for _, names in GROUPS for name in names} == {each.name for each in fields(Limits)}


def test_numbers_are_saved_shown_and_put_back(admin: Client) -> None:
    assert admin.post(ADDRESS, {"memory_mb": "300", "display_seconds": "10", "threads": ""}).status_code == 302
    assert DisplaySettings.load().limits == {"memory_mb": 300}
    assert 'name="memory_mb" min="64" max="4096" step="any" value="300"' in admin.get(ADDRESS).content.decode()
    admin.post(ADDRESS, {"memory_mb": "300", "reset": "1"})
    assert DisplaySettings.load().limits == {}


@pytest.mark.parametrize(
    ("typed", "words"), [("5", "memory_mb must be a whole number from 64 to 4096"), ("much", "memory_mb is not a number")]
)
def test_what_cannot_be_is_said_and_stays_in_the_form(admin: Client, typed: str, words: str) -> None:
    text = admin.post(ADDRESS, {"memory_mb": typed, "threads": "50"}).content.decode()
    assert words in text
    assert f'value="{typed}"' in text
    assert DisplaySettings.load().limits == {}


def test_operators_see_limits_but_do_not_change_them() -> None:
    operator = client_of(Role.OPERATOR)
    assert operator.get("/api/v3/display/settings").json()["limits"]["memory_mb"] == 256
    assert operator.patch("/api/v3/display/settings", {"limits": {"memory_mb": 300}}, content_type="application/json").status_code == 403
    answer = client_of(Role.ADMIN).patch("/api/v3/display/settings", {"limits": {"memory_mb": 300}}, content_type="application/json")
    assert answer.json() == {"limits": "live"}
