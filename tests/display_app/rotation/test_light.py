"""Power and brightness: what is set, overrides that run out, schedules, and the reason of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from display_app.rotation.light import Light, LightSettings, Override, OverrideClock, light_now, read_override
from display_app.rotation.schedule import parse_windows

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
SETTINGS = LightSettings(
    brightness=70,
    schedules=parse_windows([{"start": "07:00", "end": "22:00"}], with_brightness=False),
    dimming=parse_windows([{"start": "20:00", "end": "06:00", "brightness": 5}], with_brightness=True),
)
FOR_AN_HOUR = Override(NOON + timedelta(hours=1), 3600.0, brightness=100)


def light(settings: LightSettings, at: datetime, *, override: Override | None = None, is_asked_for: bool = False) -> Light:
    return light_now(settings, at, override=override, is_asked_for=is_asked_for)


def test_the_schedules_decide_and_say_so() -> None:
    assert light(SETTINGS, NOON) == Light(True, 70, "", "")
    assert light(SETTINGS, NIGHT) == Light(False, 5, "schedule", "dimming")


def test_what_is_asked_for_is_seen_in_spite_of_the_schedule_but_not_when_switched_off() -> None:
    assert light(SETTINGS, NIGHT, is_asked_for=True) == Light(True, 5, "asked-for", "dimming")
    assert light(LightSettings(power=False), NIGHT, is_asked_for=True) == Light(False, 80, "switched-off", "")


def test_an_override_counts_instead_of_the_schedules() -> None:
    override = Override(NIGHT, 60.0, power=True, brightness=100)
    assert light(SETTINGS, NIGHT, override=override) == Light(True, 100, "override", "override")


def test_an_override_runs_out() -> None:
    clock = OverrideClock()
    assert clock.in_force(FOR_AN_HOUR, wall_clock=NOON, now=10.0) == FOR_AN_HOUR
    assert clock.in_force(FOR_AN_HOUR, wall_clock=NOON, now=3609.9) == FOR_AN_HOUR
    assert clock.in_force(FOR_AN_HOUR, wall_clock=NOON, now=3610.0) is None
    assert clock.in_force(None, wall_clock=NOON, now=3611.0) is None


def test_setting_the_clock_back_does_not_prolong_an_override() -> None:
    clock = OverrideClock()
    assert clock.in_force(FOR_AN_HOUR, wall_clock=NOON - timedelta(days=300), now=10.0) == FOR_AN_HOUR
    assert clock.in_force(FOR_AN_HOUR, wall_clock=NOON - timedelta(days=300), now=3611.0) is None


def test_an_override_of_yesterday_is_not_in_force() -> None:
    assert OverrideClock().in_force(FOR_AN_HOUR, wall_clock=NOON + timedelta(days=1), now=10.0) is None


def test_an_override_is_read_out_of_its_row() -> None:
    row = {"until": FOR_AN_HOUR.until.isoformat(), "seconds": 3600, "brightness": 100}
    assert read_override(row) == FOR_AN_HOUR


@pytest.mark.parametrize("row", [None, 5, {}, {"until": "soon", "seconds": 5}, {"until": "2026-01-01T00:00:00", "seconds": 5}])
def test_what_is_no_override_is_none(row: object) -> None:
    assert read_override(row) is None
