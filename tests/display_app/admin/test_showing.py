"""Showing a plugin for a time, and knobs that count for a while."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from display_app.models import DisplayCommand, DisplaySettings
from plugins_app.models import Plugin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Plugin:
    manifest = {"display_modes": ["big", "small"]}
    return Plugin.objects.create(
        plugin_id="clock", name="Clock", version="1", source="local", active_generation="g", enabled=True, manifest=manifest
    )


def test_a_mode_is_shown_for_a_time_and_alone(operator: Client) -> None:
    text = operator.get("/admin/panel/show/clock/for").content.decode()
    assert "<option>big</option><option>small</option>" in text
    assert operator.post("/admin/panel/show/clock/for", {"mode": "small", "duration": "300", "pinned": "on"}).status_code == 302
    assert DisplayCommand.objects.get().arguments == {"plugin_id": "clock", "mode": "small", "duration": 300.0, "pinned": True}


def test_what_cannot_be_shown_is_told_in_the_form(operator: Client) -> None:
    Plugin.objects.update(enabled=False)
    assert "is switched off" in operator.post("/admin/panel/show/clock/for", {}).content.decode()
    assert "not installed" in operator.get("/admin/panel/show/gone/for").content.decode()


def test_the_first_page_says_why_what_was_asked_for_is_not_shown(operator: Client, say: Callable[..., None]) -> None:
    last = {"id": 1, "plugin_id": "clock", "mode": None, "outcome": "declined", "reason": "It had nothing to show when it was its turn."}
    say(last_on_demand={**last, "ended_at": timezone.now().isoformat()})
    assert "It had nothing to show when it was its turn." in operator.get("/admin/panel/now").content.decode()
    say(last_on_demand={**last, "ended_at": "2026-01-01T00:00:00+00:00"})
    assert "nothing to show" not in operator.get("/admin/panel/now").content.decode()


def test_brightness_for_a_time_is_an_override_that_can_be_ended(operator: Client, say: Callable[..., None]) -> None:
    say(power=True, power_reason="", brightness=80, brightness_reason="")
    operator.post("/admin/panel/change", {"brightness": "20", "seconds": "900"})
    row = DisplaySettings.load()
    assert (row.brightness, row.override["brightness"], row.override["seconds"]) == (80, 20, 900)
    operator.post("/admin/panel/end-override")
    assert DisplaySettings.load().override is None
    operator.post("/admin/panel/change", {"brightness": "30", "seconds": ""})
    assert DisplaySettings.load().brightness == 30


def test_seconds_of_single_modes_are_set_in_the_settings(operator: Client) -> None:
    form = {"default_duration": "15", "longest_cycle": "90", "seconds:clock:big": "40", "seconds:clock:small": ""}
    assert operator.post("/admin/panel/settings/", form).status_code == 302
    row = DisplaySettings.load()
    assert (row.durations, row.longest_cycle) == ({"clock": {"big": 40.0}}, 90.0)
    assert 'name="seconds:clock:big" min="1" max="3600" step="any" value="40"' in operator.get("/admin/panel/settings/").content.decode()
    answer = operator.post("/admin/panel/settings/", {**form, "seconds:clock:big": "x"})
    assert "clock big: seconds are a number." in answer.content.decode()
