"""The page of the GitHub token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from plugins_app.access import Role
from plugins_app.models import ApiAccess
from tests.fakes.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
TOKEN = "ghp_" + "a" * 36


def test_the_token_is_set_tested_and_removed_and_never_shown() -> None:
    client = browser_of(Role.ADMIN)
    assert "No token" in client.get("/admin/github/").content.decode()
    assert client.post("/admin/github/set", {"token": TOKEN}).status_code == 302
    html = client.get("/admin/github/").content.decode()
    assert "Not tested yet" in html and TOKEN not in html
    assert OrmQ.objects.count() == 1
    state: dict[str, Any] = {"state": "valid", "calls_left": 4990, "calls_limit": 5000, "reset_at": timezone.now() + timedelta(minutes=30)}
    ApiAccess.objects.exclude(sealed="").update(**state)
    text = text_of(client.get("/admin/github/state").content.decode())
    assert "Valid" in text and "4,990 of 5,000, anew at" in text and "0 of 4,000 that ledsite asks by itself" in text
    ApiAccess.objects.exclude(sealed="").update(state="invalid")
    assert "GitHub refuses it" in client.get("/admin/github/state").content.decode()
    client.post("/admin/github/check")
    assert OrmQ.objects.count() == 2
    client.post("/admin/github/remove")
    assert "No token" in client.get("/admin/github/state").content.decode()


def test_what_is_no_token_is_refused_in_words() -> None:
    answer = browser_of(Role.ADMIN).post("/admin/github/set", {"token": "two words"}, headers={"HX-Request": "true"})
    assert "That is not a GitHub token." in answer.headers["HX-Trigger"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_the_token_is_for_administrators(role: Role) -> None:
    client = browser_of(role)
    assert [client.get(f"/admin/github/{part}").status_code for part in ("", "state")] == [403, 403]
