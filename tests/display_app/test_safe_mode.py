"""The safe mode for people: on every page and in the API, with the way out."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from display_app.health.starts import FILE_NAME, Starts, write_starts
from display_app.models import DisplayCommand
from plugins_app.access import Role
from plugins_app.models import Source
from tests.fakes.people import client_of, make_user
from tests.fakes.rows import make_plugin

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v3/display/safe-mode"
ON = Starts(died=3, safe_since="2026-11-23T10:00:00+00:00")


@pytest.fixture
def say() -> Iterator[Callable[[Starts], None]]:
    status, kept = settings.LEDSITE.run_dir / "status.json", Path(settings.LEDSITE.data_dir) / FILE_NAME

    def write(starts: Starts) -> None:
        for path in (status, kept):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_starts(kept, starts)  # what counts once the beat is too old
        status.write_text(json.dumps({"beat": time.monotonic(), "pid": os.getpid(), "plugins": {}, "safe_mode": starts.report()}))

    yield write
    status.unlink(missing_ok=True)
    kept.unlink(missing_ok=True)


def browser(role: Role) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def test_every_page_says_so_and_has_the_button(say: Callable[[Starts], None]) -> None:
    admin = browser(Role.ADMIN)
    pages = ("/admin/", "/admin/operations/", "/admin/panel/health/", "/admin/panel/settings/")
    say(ON)
    for address in pages:
        text = admin.get(address).content.decode()
        assert "Only the plugins that come with ledsite run." in text, address
        assert "/admin/panel/leave-safe-mode" in text, address
    assert "Safe mode" in admin.get("/admin/auth/user/").content.decode()
    say(Starts())
    assert "Safe mode" not in "".join(admin.get(address).content.decode() for address in pages)


def test_the_button_leaves_it(say: Callable[[Starts], None]) -> None:
    say(ON)
    assert browser(Role.OPERATOR).post("/admin/panel/leave-safe-mode").status_code == 302
    assert DisplayCommand.objects.get().kind == "leave-safe-mode"


def test_the_api_says_why_and_leaves_it(say: Callable[[Starts], None]) -> None:
    say(ON)
    viewer, operator = client_of(Role.VIEWER), client_of(Role.OPERATOR)
    found = viewer.get(ADDRESS).json()
    assert (found["active"], found["since"]) == (True, ON.safe_since)
    assert "3 times in a row" in found["reason"]
    assert viewer.get("/api/v3/display/status").json()["safe_mode"]["since"] == ON.safe_since
    assert viewer.get("/api/v3/display/health/plugins").json()["safe_mode"]["since"] == ON.safe_since
    assert viewer.delete(ADDRESS).status_code == 403
    assert operator.delete(ADDRESS).status_code == 204
    assert DisplayCommand.objects.get().kind == "leave-safe-mode"
    say(Starts())
    assert viewer.get(ADDRESS).json() == {"active": False, "since": None, "reason": None, "hint": None}
    assert operator.delete(ADDRESS).json()["code"] == "no-safe-mode"


def test_only_bundled_plugins_can_be_shown(say: Callable[[Starts], None]) -> None:
    say(ON)
    make_plugin("theirs")
    make_plugin("ours", source=Source.BUNDLED)
    operator = client_of(Role.OPERATOR)
    answer = operator.post("/api/v3/display/on-demand", {"plugin_id": "theirs"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "safe-mode")
    assert operator.post("/api/v3/display/on-demand", {"plugin_id": "ours"}, content_type="application/json").status_code == 202


def test_it_is_known_while_the_panel_does_not_run() -> None:
    path = Path(settings.LEDSITE.data_dir) / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    write_starts(path, ON)
    try:
        assert client_of(Role.VIEWER).get(ADDRESS).json()["active"] is True
    finally:
        path.unlink()
