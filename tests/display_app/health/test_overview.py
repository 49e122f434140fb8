"""How plugins are, put together from the director's word, rows and logs; by API and pages."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from display_app.health import overview
from display_app.models import DisplayCommand, PluginHealth
from plugins_app.access import Role
from plugins_app.models import Plugin
from tests.fakes.people import client_of, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v3/display/health/plugins"
SAID = {"state": "quarantined", "reason": "It crashed.", "pid": 7, "memory_mb": 12.5, "fps": 59.9, "late_frames": 2, "restarts": 5}
LOG = "2026-11-23 10:00:00,000 INFO plugin: hello\n2026-11-23 10:00:01,000 ERROR plugin: <b>no</b>\n"


@pytest.fixture
def clock_plugin() -> Iterator[Plugin]:
    run_dir = settings.LEDSITE.run_dir
    run_dir.mkdir(parents=True, exist_ok=True)
    status = {"pid": os.getpid(), "beat": time.monotonic(), "plugins": {"clock": SAID}}
    (run_dir / "status.json").write_text(json.dumps(status))
    log = overview.log_path("clock")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(LOG)
    PluginHealth.objects.create(plugin_id="clock", last_error="KeyError: x", last_traceback="Traceback ...", quarantined_at=timezone.now())
    yield Plugin.objects.create(plugin_id="clock", name="Clock", version="1", source="local", active_generation="g1", enabled=True)
    (run_dir / "status.json").unlink(missing_ok=True)
    log.unlink()


def test_state_numbers_and_errors_of_every_plugin(clock_plugin: Plugin) -> None:
    Plugin.objects.create(plugin_id="off", name="Off", version="1", source="local", active_generation="g1", enabled=False)
    rows = {row["id"]: row for row in client_of(Role.VIEWER).get(ADDRESS).json()["results"]}
    found = rows["clock"]
    assert {name: found[name] for name in SAID} == SAID
    assert (found["last_error"], "last_traceback" in found) == ("KeyError: x", False)
    assert (rows["off"]["state"], rows["off"]["pid"]) == ("disabled", None)


def test_a_panel_that_does_not_run_is_the_reason(clock_plugin: Plugin) -> None:
    (settings.LEDSITE.run_dir / "status.json").unlink()
    assert client_of(Role.VIEWER).get(ADDRESS).json()["results"][0]["reason"] == "The panel is not running."


def test_traceback_and_log_are_for_operators(clock_plugin: Plugin) -> None:
    client = client_of(Role.OPERATOR)
    assert client.get(f"{ADDRESS}/clock").json()["last_traceback"] == "Traceback ..."
    assert client.get(f"{ADDRESS}/clock/log", {"level": "error"}).json()["entries"] == [
        {"at": "2026-11-23 10:00:01", "level": "error", "text": "plugin: <b>no</b>"}
    ]
    answer = client.get(f"{ADDRESS}/clock/log", {"download": "1"})
    assert (answer.content.decode(), answer.headers["Content-Disposition"]) == (LOG, 'attachment; filename="clock.log"')
    assert client.get(f"{ADDRESS}/clock/log", {"level": "loud"}).json()["code"] == "bad-level"
    assert client.get(f"{ADDRESS}/other/log").json()["code"] == "not-installed"
    assert client.get(f"{ADDRESS}/..%2f..%2fkey/log").status_code in (400, 404)


def test_the_pages_show_it_and_release_a_quarantined_plugin(clock_plugin: Plugin) -> None:
    client = Client()
    client.force_login(make_user(Role.OPERATOR))
    text = client.get("/admin/panel/health/").content.decode()
    assert all(words in text for words in ("Stopped after crashes", "It crashed.", "12.5 MB", "59.9 a second, 2 late"))
    text = client.get("/admin/panel/health/clock/", {"level": "warning"}).content.decode()
    assert "Traceback ..." in text
    assert "plugin: &lt;b&gt;no&lt;/b&gt;" in text
    assert "plugin: hello" not in text
    assert client.get("/admin/panel/health/clock/log").content.decode() == LOG
    client.post("/admin/panel/release/clock")
    assert DisplayCommand.objects.get().arguments == {"plugin_id": "clock"}


def test_a_viewer_sees_the_list_but_no_log(clock_plugin: Plugin) -> None:
    client = Client()
    client.force_login(make_user(Role.VIEWER))
    assert "Errors and log" not in client.get("/admin/panel/health/").content.decode()
    assert client.get("/admin/panel/health/clock/").status_code == client.get("/admin/panel/health/clock/log").status_code == 403


def test_the_log_lies_where_the_director_writes_it() -> None:
    assert overview.log_path("clock") == Path(settings.LEDSITE.data_dir) / "logs" / "plugins" / "clock.log"
