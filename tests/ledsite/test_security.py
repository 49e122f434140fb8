"""What stands before every view: bodies that are too large, and for whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from plugins_app.access import Role, set_role

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/store/install-upload"
FORM = "multipart/form-data; boundary=x"
LARGE = b"x" * 2000


@pytest.fixture(autouse=True)
def small_limit(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000


@pytest.fixture
def client() -> Client:
    found = Client(enforce_csrf_checks=True)
    found.cookies["csrftoken"] = "a" * 32
    return found


def test_an_upload_of_a_stranger_is_refused_before_it_is_read(client: Client) -> None:
    assert client.generic("POST", UPLOAD, LARGE, FORM).status_code == 413
    assert client.generic("POST", "/admin/login/", LARGE, FORM).status_code == 413


def test_an_upload_of_somebody_is_looked_at(client: Client) -> None:
    user = User.objects.create_user("ann")
    set_role(user, Role.ADMIN)
    client.force_login(user)
    assert client.generic("POST", UPLOAD, LARGE, FORM).status_code == 400  # it is no form


@pytest.mark.parametrize("length", ["\u00b2", "-1", "1" * 30, "x"])
def test_a_length_that_is_none_is_refused(client: Client, length: str) -> None:
    assert client.generic("POST", "/admin/login/", b"", CONTENT_LENGTH=length).status_code == 413
