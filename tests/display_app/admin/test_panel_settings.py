"""The form of the panel's settings, and the knobs of the first page while a schedule decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from display_app.models import DisplaySettings
from plugins_app.models import DeviceLocation

pytestmark = pytest.mark.django_db
WEEKEND = {"days": ["sat", "sun"], "start": "09:00", "end": "23:30"}


def form(**fields: object) -> dict[str, object]:
    return {"default_duration": "15", "schedule-0-start": "", "schedule-0-end": "", "dimming-0-start": "", "dimming-0-end": "", **fields}


def test_windows_are_saved_shown_and_removed(operator: Client) -> None:
    posted = form(**{"schedule-0-days": ["sat", "sun"], "schedule-0-start": "09:00", "schedule-0-end": "23:30"})
    posted |= {"dimming-0-days": ["mon"], "dimming-0-start": "22:00:00", "dimming-0-end": "06:00", "dimming-0-brightness": "5"}
    assert operator.post("/admin/panel/settings/", posted).status_code == 302
    row = DisplaySettings.load()
    assert row.schedules == [WEEKEND]
    assert row.dimming == [{"days": ["mon"], "start": "22:00", "end": "06:00", "brightness": 5}]
    text = operator.get("/admin/panel/settings/").content.decode()
    assert text.count('name="schedule-0-start" value="09:00"') == text.count('name="schedule-1-start" value=""') == 1
    operator.post("/admin/panel/settings/", form())
    assert DisplaySettings.load().schedules == []


def test_half_a_window_is_refused_in_words_and_stays_in_the_form(operator: Client) -> None:
    answer = operator.post("/admin/panel/settings/", form(**{"schedule-0-days": ["sat"], "schedule-0-start": "09:00"}))
    text = answer.content.decode()
    assert "end of window 1 must be a time" in text
    assert 'name="schedule-0-start" value="09:00"' in text
    assert DisplaySettings.load().schedules == []


def test_a_form_without_windows_leaves_them_alone(operator: Client) -> None:
    DisplaySettings.objects.update_or_create(pk=1, defaults={"schedules": [WEEKEND]})
    operator.post("/admin/panel/settings/", {"default_duration": "20"})
    assert DisplaySettings.load().schedules == [WEEKEND]


def test_turning_on_what_a_schedule_has_off_counts_for_an_hour(operator: Client, say: Callable[..., None]) -> None:
    say(power=False, power_reason="schedule", brightness=80, brightness_reason="")
    operator.post("/admin/panel/change", {"power": "true"})
    override = DisplaySettings.load().override
    assert (override["power"], override["seconds"]) == (True, 3600)


def test_the_slider_overrides_dimming_and_leaves_the_usual_brightness(operator: Client, say: Callable[..., None]) -> None:
    say(power=True, power_reason="", brightness=5, brightness_reason="dimming")
    operator.post("/admin/panel/change", {"brightness": "60"})
    row = DisplaySettings.load()
    assert (row.brightness, row.override["brightness"]) == (80, 60)
    say(power=True, power_reason="", brightness=60, brightness_reason="override")
    operator.post("/admin/panel/change", {"brightness": "70"})
    assert DisplaySettings.load().override["brightness"] == 70


def test_the_place_is_kept_and_shown(operator: Client) -> None:
    operator.post("/admin/panel/settings/", form(location_city="Graz", location_state="", location_country="Austria"))
    assert DeviceLocation.objects.values("city", "state", "country").get() == {"city": "Graz", "state": "", "country": "Austria"}
    assert 'value="Graz"' in operator.get("/admin/panel/settings/").content.decode()
    refused = operator.post("/admin/panel/settings/", form(location_city="L" * 200, location_state="", location_country=""))
    assert "at most 100 characters" in refused.content.decode() and "L" * 200 in refused.content.decode()
    assert DeviceLocation.objects.get().city == "Graz"
