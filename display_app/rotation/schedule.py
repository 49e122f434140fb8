"""When the panel is on and how bright: weekly windows, inclusive at both ends, by local time. Pure.

A window belongs to the days on which it begins; one that ends before it begins lasts into the next day. A panel with windows is on
inside any of them, without any it is always on; of several dimming windows the darkest counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
MOST_WINDOWS = 50
FIRST_YEAR = 2025  # a clock that tells an earlier year has not been set yet: small computers have no battery for theirs
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


class ScheduleProblem(ValueError):
    """A schedule that cannot be understood; the text says which part and why."""


@dataclass(frozen=True)
class Window:
    """From minute `start` to the end of minute `end` (of the day), beginning on `days` (0 is Monday); `brightness` is for dimming."""

    start: int
    end: int
    days: frozenset[int] = EVERY_DAY
    brightness: int | None = None

    def covers(self, local: datetime) -> bool:
        """Tell whether a local time lies inside."""
        weekday, minute = local.weekday(), local.hour * 60 + local.minute
        if self.start <= self.end:
            return weekday in self.days and self.start <= minute <= self.end
        began_yesterday = (weekday - 1) % 7 in self.days and minute <= self.end
        return began_yesterday or (weekday in self.days and minute >= self.start)

    def to_dict(self) -> dict[str, Any]:
        """Return the form that settings are kept in."""
        days = [name for number, name in enumerate(DAYS) if number in self.days]
        found: dict[str, Any] = {"days": days, "start": _text(self.start), "end": _text(self.end)}
        return found if self.brightness is None else found | {"brightness": self.brightness}


def is_clock_set(local: datetime) -> bool:
    """Tell whether the time can be believed."""
    return local.year >= FIRST_YEAR


def is_on(windows: Iterable[Window], local: datetime) -> bool:
    """Tell whether the schedule has the panel on."""
    windows = tuple(windows)
    return not windows or not is_clock_set(local) or any(window.covers(local) for window in windows)


def dimmed_to(windows: Iterable[Window], local: datetime) -> int | None:
    """Return the brightness that dimming asks for now; None outside of its windows."""
    if not is_clock_set(local):
        return None
    return min((window.brightness for window in windows if window.brightness is not None and window.covers(local)), default=None)


def parse_windows(value: object, *, with_brightness: bool) -> tuple[Window, ...]:
    """Read a list of `{days?, start, end}`, for dimming with `brightness`. Raise ScheduleProblem for anything else."""
    if not isinstance(value, list) or len(value) > MOST_WINDOWS:
        raise ScheduleProblem(f"must be a list of at most {MOST_WINDOWS} windows")
    return tuple(_parse_window(entry, f"window {number}", with_brightness) for number, entry in enumerate(value, start=1))


def readable_windows(value: object, *, with_brightness: bool) -> tuple[Window, ...]:
    """Read what can be read, for rows that somebody else may have written: a window that is wrong must not darken the panel."""
    try:
        return parse_windows(value, with_brightness=with_brightness)
    except ScheduleProblem:
        return ()


def _parse_window(entry: object, where: str, with_brightness: bool) -> Window:
    known = {"days", "start", "end", *(("brightness",) if with_brightness else ())}
    if not isinstance(entry, dict):
        raise ScheduleProblem(f"{where} must be an object with {', '.join(sorted(known))}")
    if unknown := [str(name)[:40] for name in entry if name not in known]:
        raise ScheduleProblem(f"{where} has {unknown[0]!r}; known are {', '.join(sorted(known))}")
    brightness = _parse_brightness(entry.get("brightness"), where) if with_brightness else None
    start, end = (_parse_time(entry.get(name), f"{name} of {where}") for name in ("start", "end"))
    return Window(start, end, _parse_days(entry.get("days", list(DAYS)), where), brightness)


def _parse_time(value: object, where: str) -> int:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ScheduleProblem(f"{where} must be a time from 00:00 to 23:59")
    return int(found[1]) * 60 + int(found[2])


def _parse_days(value: object, where: str) -> frozenset[int]:
    if not isinstance(value, list) or not value or any(day not in DAYS for day in value):
        raise ScheduleProblem(f"days of {where} must be some of {', '.join(DAYS)}")
    return frozenset(DAYS.index(day) for day in value)


def _parse_brightness(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100:
        raise ScheduleProblem(f"brightness of {where} must be a whole number from 0 to 100")
    return value


def _text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
