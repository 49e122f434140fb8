"""Gives the panel its light: reads the clocks, asks the schedules, and tells what came out."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from display_app.director.panel import Panel
from display_app.rotation.light import Light, LightSettings, OverrideClock, light_now
from display_app.rotation.notices import Surroundings


class Lighting:
    """The panel's light now."""

    def __init__(self, panel: Panel, *, time_zone: str) -> None:
        self._panel = panel
        self._zone = ZoneInfo(time_zone)
        self._override = OverrideClock()
        self.light = Light()

    def look(self, settings: LightSettings, *, is_asked_for: bool) -> None:
        """Decide anew; `is_asked_for` lights a panel that is off by schedule."""
        at = datetime.now(UTC)
        override = self._override.in_force(settings.override, wall_clock=at, now=time.monotonic())
        self.light = light_now(settings, at.astimezone(self._zone), override=override, is_asked_for=is_asked_for)
        self._panel.set_light(power=self.light.power, brightness=self.light.brightness)

    def surroundings(self, *, is_on_demand: bool) -> Surroundings:
        """Return what the choice of a notice depends on."""
        light = self.light
        return Surroundings(
            now=time.monotonic(),
            is_switched_off=not light.power and light.power_reason != "schedule",
            is_scheduled_off=light.power_reason in ("schedule", "asked-for"),
            is_on_demand=is_on_demand,
        )

    def report(self) -> dict[str, Any]:
        """Return what `status.json` says of it."""
        light = self.light
        return {
            "power": light.power,
            "power_reason": light.power_reason,
            "brightness": light.brightness,
            "brightness_reason": light.brightness_reason,
        }
