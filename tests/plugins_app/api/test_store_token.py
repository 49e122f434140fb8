"""The GitHub token over the API: its state, never itself."""

from __future__ import annotations

import pytest

from plugins_app.access import Role
from tests.fakes.people import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v3/plugins/store/token"
TOKEN = "ghp_" + "a" * 36


def test_it_is_set_shown_by_its_state_and_removed() -> None:
    client = client_of(Role.ADMIN)
    answer = client.put(ADDRESS, {"token": TOKEN}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"], answer.json()["origin"]) == (200, "unknown", "stored")
    assert TOKEN not in answer.content.decode()
    assert client.get(ADDRESS).json() == answer.json()
    assert client.post(f"{ADDRESS}/check").status_code == 202
    assert client.delete(ADDRESS).json()["origin"] == "none"


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": 5}, {"token": None}, {"token": "two words"}, []])
def test_nonsense_is_refused(body: object) -> None:
    answer = client_of(Role.ADMIN).put(ADDRESS, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
