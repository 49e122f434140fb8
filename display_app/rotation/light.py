"""Whether the panel is lit and how bright, and why: what people set, an override that runs out, and the schedules. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from display_app.rotation.schedule import Window, dimmed_to, is_on

LONGEST_OVERRIDE_SECONDS = 7 * 86400


@dataclass(frozen=True)
class Override:
    """What counts instead of the schedules until a moment of the wall clock, at most `seconds` from when it is first seen."""

    until: datetime
    seconds: float
    power: bool | None = None
    brightness: int | None = None


@dataclass(frozen=True)
class Light:
    """What the panel is given; a reason is empty when it is just what was set."""

    power: bool = True
    brightness: int = 80
    power_reason: str = ""
    brightness_reason: str = ""


@dataclass(frozen=True)
class LightSettings:
    """What people have set."""

    power: bool = True
    brightness: int = 80
    schedules: tuple[Window, ...] = ()
    dimming: tuple[Window, ...] = ()
    override: Override | None = None


def light_now(settings: LightSettings, local: datetime, *, override: Override | None, is_asked_for: bool) -> Light:
    """Decide for one moment: `override` is the one in force, `is_asked_for` that somebody wants to see something in spite of a schedule."""
    brightness, brightness_reason = _brightness(settings, local, override)
    power, power_reason = _power(settings, local, override, is_asked_for=is_asked_for)
    return Light(power, brightness, power_reason, brightness_reason)


def _brightness(settings: LightSettings, local: datetime, override: Override | None) -> tuple[int, str]:
    if override is not None and override.brightness is not None:
        return override.brightness, "override"
    dimmed = dimmed_to(settings.dimming, local)
    return (settings.brightness, "") if dimmed is None else (dimmed, "dimming")


def _power(settings: LightSettings, local: datetime, override: Override | None, *, is_asked_for: bool) -> tuple[bool, str]:
    if not settings.power:
        return False, "switched-off"
    if override is not None and override.power is not None:
        return override.power, "override"
    if is_on(settings.schedules, local):
        return True, ""
    return (True, "asked-for") if is_asked_for else (False, "schedule")


def read_override(value: Any) -> Override | None:
    """Read an override out of its row; None when there is none that can be understood."""
    if not isinstance(value, dict):
        return None
    try:
        until, seconds = datetime.fromisoformat(value["until"]), float(value["seconds"])
    except (KeyError, TypeError, ValueError):
        return None
    power, brightness = value.get("power"), value.get("brightness")
    is_percent = isinstance(brightness, int) and not isinstance(brightness, bool) and 0 <= brightness <= 100
    if until.tzinfo is None:
        return None
    return Override(until, seconds, power if isinstance(power, bool) else None, brightness if is_percent else None)


class OverrideClock:
    """Holds how long the present override lasts, on a clock that only goes forward, so that setting the time does not prolong it."""

    def __init__(self) -> None:
        self._seen: Override | None = None
        self._ends_at = 0.0

    def in_force(self, override: Override | None, *, wall_clock: datetime, now: float) -> Override | None:
        """Return the override while it lasts."""
        if override != self._seen:
            self._seen = override
            left = (override.until - wall_clock).total_seconds() if override else 0.0
            self._ends_at = now + min(max(left, 0.0), override.seconds if override else 0.0)
        return override if override is not None and now < self._ends_at else None
