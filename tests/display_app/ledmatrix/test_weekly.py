"""The panel is on and dim at the same minutes as it was under LEDMatrix."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display_app.ledmatrix.weekly import DIM, NAMES, ON, Kind, read_windows, write_windows
from display_app.rotation.schedule import Window, dimmed_to, is_on, parse_windows

MONDAY = datetime(2026, 6, 1)
minutes = st.integers(0, 1439)
times = minutes.map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
days = st.fixed_dictionaries({"start_time": times, "end_time": times}, optional={"enabled": st.booleans()})
schedules = st.fixed_dictionaries(
    {"enabled": st.just(True)},
    optional={
        "mode": st.sampled_from(["global", "per-day", "per_day", None]),
        "start_time": times,
        "end_time": times,
        "days": st.dictionaries(st.sampled_from(NAMES), days),
    },
)
windows = st.lists(
    st.builds(Window, minutes, minutes, st.frozensets(st.integers(0, 6), min_size=1), st.just(40)),
    max_size=4,
)


def windows_of(value: Any, kind: Kind) -> tuple[Window, ...]:
    read = read_windows(value, kind, brightness=30 if kind is DIM else None)
    return parse_windows(read.windows, with_brightness=kind is DIM)


def is_inside_there(value: dict[str, Any], now: datetime, *, kind: Kind) -> bool:
    """LEDMatrix's rule, as it is described: the span of the present weekday, inclusive, turned around when it ends before it begins."""
    mode = (value.get("mode") or "").replace("_", "-")
    by_day = value.get("days", {}).get(NAMES[now.weekday()])
    if by_day is not None and (mode == "per-day" or (kind is ON and not mode)):
        if not by_day.get("enabled", True):
            return False
        span = by_day
    else:
        span = {"start_time": kind.start, "end_time": kind.end, **value}
    start, end, present = span["start_time"], span["end_time"], f"{now:%H:%M}"
    return start <= present <= end if start <= end else present >= start or present <= end


@given(schedules, st.integers(0, 7 * 1440 - 1))
def test_it_is_on_at_the_same_minutes(schedule: dict[str, Any], minute: int) -> None:
    now = MONDAY + timedelta(minutes=minute)
    read = read_windows(schedule, ON)
    if read.refused:  # it would be dark for ever
        assert not any(is_inside_there(schedule, MONDAY + timedelta(minutes=each), kind=ON) for each in range(0, 7 * 1440, 7))
        return
    assert is_on(parse_windows(read.windows, with_brightness=False), now) == is_inside_there(schedule, now, kind=ON)


@given(schedules, st.integers(0, 7 * 1440 - 1))
def test_it_is_dim_at_the_same_minutes(schedule: dict[str, Any], minute: int) -> None:
    now = MONDAY + timedelta(minutes=minute)
    assert (dimmed_to(windows_of(schedule, DIM), now) is not None) == is_inside_there(schedule, now, kind=DIM)


@given(windows, st.integers(0, 7 * 1440 - 1))
def test_what_is_said_to_be_written_as_it_is_is_read_as_it_was(given_windows: list[Window], minute: int) -> None:
    section, is_same = write_windows(tuple(given_windows), DIM)
    now = MONDAY + timedelta(minutes=minute)
    inside = dimmed_to(given_windows, now) is not None
    again = dimmed_to(windows_of(section, DIM), now) is not None
    assert again == inside if is_same else again >= inside


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({}, []),
        ({"enabled": False, "start_time": "07:00"}, []),
        ({"start_time": "7:05", "end_time": "22:00"}, [(NAMES, "07:05", "22:00")]),
        ({"enabled": True, "start_time": "22:00", "end_time": "06:00"}, [(NAMES, "22:00", "06:00")]),
        (
            {
                "mode": "per-day",
                "days": {name: {"enabled": name == "friday", "start_time": "18:00", "end_time": "02:00"} for name in NAMES},
            },
            [(("friday",), "00:00", "02:00"), (("friday",), "18:00", "23:59")],
        ),
    ],
)
def test_schedules_in_our_words(schedule: dict[str, Any], expected: list[Any]) -> None:
    read = read_windows(schedule, ON)
    assert read.refused == ()
    assert read.windows == [{"days": [name[:3] for name in names], "start": start, "end": end} for names, start, end in expected]


def test_times_that_are_none_leave_the_panel_on_and_are_named() -> None:
    read = read_windows({"start_time": "dawn", "end_time": "22:00"}, ON)
    assert [each.path for each in read.refused] == ["/schedule"]
    assert read.windows == [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "00:00", "end": "23:59"}]


@pytest.mark.parametrize("value", [None, [], "on", 5, {"days": {name: {"enabled": False} for name in NAMES}}])
def test_what_is_no_schedule_is_refused(value: Any) -> None:
    read = read_windows(value, ON)
    assert (read.windows, len(read.refused)) == ([], 1)
