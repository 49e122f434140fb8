"""What each setting of the panel may be: one check a setting, and the form in which it is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from display_app.hosting import limits
from display_app.rotation.durations import DurationProblem, parse_durations
from display_app.rotation.light import LONGEST_OVERRIDE_SECONDS
from display_app.rotation.schedule import ScheduleProblem, parse_windows
from display_app.rotation.ticker import TickerProblem, parse_ticker, readable_ticker
from display_app.rotation.transitions import KINDS, LONGEST_SECONDS, SHORTEST_SECONDS
from plugins_app.config import location

_OPTION_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def problem_of(name: object, value: object) -> str | None:
    """Return what is wrong with a setting; None when nothing is."""
    if not isinstance(name, str) or name not in CHECKS:
        return f"there is no such setting; known are {', '.join(CHECKS)}"
    return CHECKS[name](value)


def kept_form(name: str, value: Any, *, old: Any, now: datetime) -> Any:
    """Return a checked value as its row keeps it: windows and ticker whole, an override with its end, limits that are no defaults."""
    if name in ("schedules", "dimming"):
        return [window.to_dict() for window in parse_windows(value, with_brightness=name == "dimming")]
    if name == "override" and value is not None:
        return {**value, "until": (now + timedelta(seconds=value["seconds"])).isoformat(timespec="seconds")}
    if name == "ticker":
        return parse_ticker(value, present=readable_ticker(old)).to_dict()
    if name == "durations":
        return parse_durations(value)
    return limits.merged(old, value) if name == "limits" else value


def shown_form(name: str, value: Any) -> Any:
    """Return what a row keeps as it is shown: limits and ticker with all that they have."""
    if name == "ticker":
        return readable_ticker(value).to_dict()
    return asdict(limits.Limits.of(value)) if name == "limits" else value


def is_number(value: object) -> bool:
    """Tell whether a value out of JSON is a number that can be counted with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _not_boolean(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _not_percent(value: object) -> str | None:
    is_percent = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100
    return None if is_percent else "must be a whole number from 0 to 100"


def _not_seconds(value: object) -> str | None:
    return None if is_number(value) and 1 <= value <= 3600 else "must be a number of seconds from 1 to 3600"  # type: ignore[operator]


def _not_transition(value: object) -> str | None:
    return None if isinstance(value, str) and value in KINDS else f"must be one of {', '.join(KINDS)}"


def _not_transition_seconds(value: object) -> str | None:
    is_good = is_number(value) and SHORTEST_SECONDS <= value <= LONGEST_SECONDS  # type: ignore[operator]
    return None if is_good else f"must be a number of seconds from {SHORTEST_SECONDS} to {LONGEST_SECONDS}"


def _not_schedules(value: object) -> str | None:
    return _window_problem(value, with_brightness=False)


def _not_dimming(value: object) -> str | None:
    return _window_problem(value, with_brightness=True)


def _window_problem(value: object, *, with_brightness: bool) -> str | None:
    try:
        parse_windows(value, with_brightness=with_brightness)
    except ScheduleProblem as problem:
        return str(problem)
    return None


def _not_durations(value: object) -> str | None:
    try:
        parse_durations(value)
    except DurationProblem as problem:
        return str(problem)
    return None


def _not_ticker(value: object) -> str | None:
    try:
        parse_ticker(value)
    except TickerProblem as problem:
        return str(problem)
    return None


def _not_override(value: object) -> str | None:
    if value is None:
        return None
    known = "must be null or an object with seconds, and brightness, power or both"
    if not isinstance(value, dict) or set(value) - {"seconds", "brightness", "power"} or not set(value) & {"brightness", "power"}:
        return known
    seconds = value.get("seconds")
    if not is_number(seconds) or not 1 <= seconds <= LONGEST_OVERRIDE_SECONDS:  # type: ignore[operator]
        return "seconds must be a number from 1 to a week"
    if "brightness" in value and (problem := _not_percent(value["brightness"])):
        return f"brightness {problem}"
    return f"power {problem}" if "power" in value and (problem := _not_boolean(value["power"])) else None


def _not_hardware(value: object) -> str | None:
    if not isinstance(value, dict) or len(value) > 40:
        return "must be an object of driver options"
    for option, setting in value.items():
        if not isinstance(option, str) or not _OPTION_NAME.fullmatch(option):
            return f"{str(option)[:40]!r} is no name of an option"
        if not isinstance(setting, bool | int | str) or len(str(setting)) > 200:
            return f"{option} must be text, a whole number, or true or false"
        if not (setting.isprintable() if isinstance(setting, str) else abs(setting) < 2**31):
            return f"{option} cannot be given to a driver"
    return None


CHECKS: dict[str, Callable[[object], str | None]] = {
    "power": _not_boolean,
    "brightness": _not_percent,
    "paused": _not_boolean,
    "default_duration": _not_seconds,
    "durations": _not_durations,
    "longest_cycle": _not_seconds,
    "transition": _not_transition,
    "transition_seconds": _not_transition_seconds,
    "ticker": _not_ticker,
    "schedules": _not_schedules,
    "dimming": _not_dimming,
    "override": _not_override,
    "hardware": _not_hardware,
    "limits": limits.problem_of,
    "location": location.problem_of,
}
