"""LEDMatrix's schedules and this product's windows: each in the words of the other (pure).

There a day has one span; one that ends before it begins counts on that same day, from midnight to its end and from its beginning to
midnight. Here a window belongs to the day on which it begins and lasts into the next. Spans that differ from day to day are therefore
cut at midnight; the panel is on and dim at the same minutes as before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from display_app.rotation.schedule import DAYS, EVERY_DAY, Window
from plugins_app.ledmatrix.document import Refused

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_MINUTE = 24 * 60 - 1
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5]?[0-9])")

Span = tuple[int, int]
WHOLE_DAY: Span = (0, LAST_MINUTE)


@dataclass(frozen=True)
class Kind:
    """One of the two schedules: its word there, what it has when nothing is said, and what a span that cannot be read means."""

    word: str
    start: str
    end: str
    is_on_unless_said: bool
    unreadable: Span | None


ON = Kind("schedule", "07:00", "23:00", True, WHOLE_DAY)
DIM = Kind("dim_schedule", "20:00", "07:00", False, None)


@dataclass(frozen=True)
class ReadWindows:
    """Windows as settings take them, and what could not be read."""

    windows: list[dict[str, Any]]
    refused: tuple[Refused, ...] = ()


def read_windows(value: object, kind: Kind, *, brightness: int | None = None) -> ReadWindows:
    """Return the windows of one of LEDMatrix's schedules; none for one that is switched off."""
    path = f"/{kind.word}"
    if not isinstance(value, dict):
        return ReadWindows([], (Refused(path, value, "It is no object."),))
    if not value or not value.get("enabled", kind.is_on_unless_said):
        return ReadWindows([])
    refused: list[Refused] = []
    spans = [_span_of(value, kind, name, refused) for name in NAMES]
    if kind is ON and not any(spans):
        return ReadWindows([], (Refused(path, value, "By it the panel is dark every day; here it stays on."),))
    return ReadWindows([window.to_dict() for window in _windows(spans, brightness)], tuple(refused))


def write_windows(windows: tuple[Window, ...], kind: Kind) -> tuple[dict[str, Any], bool]:
    """Return a schedule for LEDMatrix, and whether it says the same: a day has one span there, so gaps inside of a day are lost."""
    minutes = [[False] * (LAST_MINUTE + 1) for _ in DAYS]
    for window in windows:
        _mark(minutes, window)
    spans = [_one_span(_runs(day)) for day in minutes]
    is_global = all(spans) and len(set(spans)) == 1
    common = spans[0] if is_global else None
    start, end = (_text(common[0]), _text(common[1])) if common else (kind.start, kind.end)
    section = {
        "enabled": bool(windows),
        "mode": "per-day" if windows and not is_global else "global",
        "start_time": start,
        "end_time": end,
        "days": {name: _day(span, kind) for name, span in zip(NAMES, spans, strict=True)},
    }
    is_same = all(_covered(span) == day for span, day in zip(spans, minutes, strict=True))
    return section, is_same and len({window.brightness for window in windows}) <= 1


def _span_of(value: dict[str, Any], kind: Kind, name: str, refused: list[Refused]) -> Span | None:
    """Return the span of one day; None when it has none."""
    days = value.get("days")
    day = days.get(name) if isinstance(days, dict) and _is_per_day(value, kind) else None
    if isinstance(day, dict):
        return _read_span(day, kind, f"/{kind.word}/days/{name}", refused) if day.get("enabled", True) else None
    return _read_span(value, kind, f"/{kind.word}", refused)


def _is_per_day(value: dict[str, Any], kind: Kind) -> bool:
    mode = value.get("mode")
    said = mode.replace("_", "-") if isinstance(mode, str) else ""
    if kind is ON and said not in ("global", "per-day"):
        return True  # before there was a mode, days counted wherever they were
    return said == "per-day"


def _read_span(value: dict[str, Any], kind: Kind, path: str, refused: list[Refused]) -> Span | None:
    start, end = _minute(value.get("start_time", kind.start)), _minute(value.get("end_time", kind.end))
    if start is None or end is None:
        bad = Refused(path, {name: value.get(name) for name in ("start_time", "end_time")}, "Its times are not like 07:00.")
        if bad not in refused:
            refused.append(bad)
        return kind.unreadable
    return start, end


def _windows(spans: list[Span | None], brightness: int | None) -> list[Window]:
    first = spans[0]
    if first is not None and all(span == first for span in spans):
        return [Window(*first, EVERY_DAY, brightness)]
    days_of: dict[Span, list[int]] = {}
    for day, span in enumerate(spans):
        if span is not None:
            days_of.setdefault(span, []).append(day)
    found: list[Window] = []
    for (start, end), days in days_of.items():
        parts = [(start, end)] if start <= end else [(0, end), (start, LAST_MINUTE)]
        found += [Window(*part, frozenset(days), brightness) for part in parts]
    return found


def _mark(minutes: list[list[bool]], window: Window) -> None:
    for day in window.days:
        last = window.end if window.start <= window.end else LAST_MINUTE
        minutes[day][window.start : last + 1] = [True] * (last + 1 - window.start)
        if window.start > window.end:
            minutes[(day + 1) % 7][: window.end + 1] = [True] * (window.end + 1)


def _runs(day: list[bool]) -> list[Span]:
    edges = [minute for minute in range(LAST_MINUTE + 1) if day[minute] and (minute == 0 or not day[minute - 1])]
    ends = [minute for minute in range(LAST_MINUTE + 1) if day[minute] and (minute == LAST_MINUTE or not day[minute + 1])]
    return list(zip(edges, ends, strict=True))


def _one_span(runs: list[Span]) -> Span | None:
    if not runs:
        return None
    if len(runs) == 2 and runs[0][0] == 0 and runs[1][1] == LAST_MINUTE:
        return runs[1][0], runs[0][1]
    return runs[0][0], runs[-1][1]


def _covered(span: Span | None) -> list[bool]:
    if span is None:
        return [False] * (LAST_MINUTE + 1)
    start, end = span
    inside = range(LAST_MINUTE + 1)
    return [start <= minute <= end if start <= end else minute >= start or minute <= end for minute in inside]


def _day(span: Span | None, kind: Kind) -> dict[str, Any]:
    if span is None:
        return {"enabled": False, "start_time": kind.start, "end_time": kind.end}
    return {"enabled": True, "start_time": _text(span[0]), "end_time": _text(span[1])}


def _minute(value: object) -> int | None:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) * 60 + int(found[2]) if found else None


def _text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
