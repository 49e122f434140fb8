"""Asking for a plugin over HTTP: the answer has a number, and by it who asked learns how it ended."""

from __future__ import annotations

import json
import os
import time

import pytest
from django.conf import settings

from display_app.models import DisplayCommand
from plugins_app.access import Role
from plugins_app.models import Plugin
from tests.fakes.people import client_of

pytestmark = pytest.mark.django_db
LAST = {"id": 1, "plugin_id": "clock", "mode": None, "outcome": "declined", "reason": "It had nothing to show.", "ended_at": None}


def test_who_asks_gets_a_number_and_can_read_how_it_ended() -> None:
    Plugin.objects.create(plugin_id="clock", name="Clock", version="1", source="local", active_generation="g", enabled=True)
    client = client_of(Role.OPERATOR)
    answer = client.post("/api/v3/display/on-demand", {"plugin_id": "clock", "duration": 20}, format="json")
    number = DisplayCommand.objects.get().pk
    assert (answer.status_code, answer.json()["id"], answer["Location"]) == (202, number, "/api/v3/display/on-demand")
    path = settings.LEDSITE.run_dir / "status.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"pid": os.getpid(), "beat": time.monotonic(), "on_demand": None, "last_on_demand": LAST}))
    try:
        assert client.get("/api/v3/display/on-demand").json() == {"current": None, "last": LAST}
    finally:
        path.unlink()
    assert client.get("/api/v3/display/on-demand").json() == {"current": None, "last": None}
