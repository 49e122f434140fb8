"""Windows of a week: inclusive ends, nights, dimming, clocks that are not set, and what is no window."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display_app.rotation.schedule import DAYS, ScheduleProblem, Window, dimmed_to, is_on, parse_windows, readable_windows

MONDAY = datetime(2026, 11, 23)
minutes = st.integers(0, 1439)
days = st.frozensets(st.integers(0, 6), min_size=1)
windows = st.builds(Window, minutes, minutes, days)
moments = st.integers(0, 7 * 1440 - 1).map(lambda minute: MONDAY + timedelta(minutes=minute))


def at(text: str, *, day: int = 0) -> datetime:
    hour, minute = text.split(":")
    return MONDAY + timedelta(days=day, hours=int(hour), minutes=int(minute))


def window(start: str, end: str, *names: str, **more: int) -> Window:
    return parse_windows([{"start": start, "end": end, "days": list(names or DAYS), **more}], with_brightness=bool(more))[0]


@pytest.mark.parametrize(("time", "on"), [("06:59", False), ("07:00", True), ("22:30", True), ("22:31", False)])
def test_both_ends_belong_to_a_window(time: str, on: bool) -> None:
    assert is_on([window("07:00", "22:30")], at(time)) is on


def test_the_last_minute_counts_to_its_end() -> None:
    assert is_on([window("07:00", "22:30")], at("22:30") + timedelta(seconds=59.9))


@pytest.mark.parametrize(
    ("time", "day", "on"),
    [
        ("21:59", 4, False),
        ("22:00", 4, True),
        ("23:59", 4, True),
        ("00:00", 5, True),
        ("02:00", 5, True),
        ("02:01", 5, False),
        ("01:00", 4, False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(time: str, day: int, on: bool) -> None:
    assert is_on([window("22:00", "02:00", "fri")], at(time, day=day)) is on


def test_the_night_of_sunday_ends_on_monday() -> None:
    assert is_on([window("22:00", "02:00", "sun")], at("01:30", day=0))


def test_several_windows_a_day_and_a_day_without_any() -> None:
    found = [window("06:00", "08:00", "mon", "tue"), window("17:00", "23:00", "mon")]
    assert [is_on(found, at(time)) for time in ("07:00", "12:00", "18:00")] == [True, False, True]
    assert [is_on(found, at("18:00", day=day)) for day in (1, 2)] == [False, False]


def test_without_windows_and_before_the_clock_is_set_the_panel_is_on_and_undimmed() -> None:
    dim = window("00:00", "23:59", brightness=5)
    assert is_on([], at("03:00"))
    assert is_on([window("07:00", "08:00")], datetime(1970, 1, 1, 12))
    assert dimmed_to([dim], datetime(1970, 1, 1, 12)) is None
    assert dimmed_to([dim], at("03:00")) == 5


def test_the_darkest_of_several_dimming_windows_counts() -> None:
    found = [window("20:00", "06:00", brightness=30), window("23:00", "05:00", brightness=5)]
    assert [dimmed_to(found, at(time)) for time in ("12:00", "21:00", "23:30", "05:30")] == [None, 30, 5, 30]


@given(windows, moments)
def test_a_window_is_the_minutes_from_its_start_to_its_end(found: Window, moment: datetime) -> None:
    length = (found.end - found.start) % 1440
    starts = [day * 1440 + found.start for day in found.days]
    now = moment.weekday() * 1440 + moment.hour * 60 + moment.minute
    assert found.covers(moment) == any((now - start) % (7 * 1440) <= length for start in starts)


@given(st.lists(windows, max_size=5), windows, moments)
def test_another_window_never_darkens_a_panel_that_has_one(found: list[Window], another: Window, moment: datetime) -> None:
    if found and is_on(found, moment):
        assert is_on([*found, another], moment)


@given(st.lists(windows, max_size=5))
def test_what_is_written_is_read_back(found: list[Window]) -> None:
    assert parse_windows([each.to_dict() for each in found], with_brightness=False) == tuple(found)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "list"),
        ([{}] * 51, "at most 50"),
        (["07:00"], "window 1 must be an object"),
        ([{"start": "7:00", "end": "08:00"}], "start of window 1 must be a time"),
        ([{"start": "07:00", "end": "24:00"}], "end of window 1"),
        ([{"start": "07:00", "end": "08:00\n"}], "end of window 1"),
        ([{"start": "07:00", "end": "08:00", "days": []}], "days of window 1"),
        ([{"start": "07:00", "end": "08:00", "days": ["monday"]}], "days of window 1"),
        ([{"start": "07:00", "end": "08:00", "days": [["mon"]]}], "days of window 1"),
        ([{"start": "07:00", "end": "08:00"}, {"start": "07:00", "end": "08:00", "brightness": 5}], "window 2 has 'brightness'"),
    ],
)
def test_what_is_no_list_of_windows_says_where_and_why(value: object, words: str) -> None:
    with pytest.raises(ScheduleProblem, match=words):
        parse_windows(value, with_brightness=False)
    assert readable_windows(value, with_brightness=False) == ()


@pytest.mark.parametrize("brightness", [None, -1, 101, 5.0, True, "5"])
def test_dimming_needs_a_brightness(brightness: object) -> None:
    with pytest.raises(ScheduleProblem, match="brightness of window 1"):
        parse_windows([{"start": "07:00", "end": "08:00", "brightness": brightness}], with_brightness=True)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_nothing_in_a_row_breaks_the_panel(value: object) -> None:
    readable_windows(value, with_brightness=True)
