"""Writes the settings of the panel in LEDMatrix's words (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from display_app.ledmatrix.hardware import GEOMETRY, IN_RUNTIME, whole
from display_app.ledmatrix.reading import PLACE, TICKER
from display_app.ledmatrix.weekly import DIM, ON, write_windows
from display_app.rotation.schedule import readable_windows


def write_words(
    settings: Mapping[str, Any], *, geometry: tuple[int, int, int, int], time_zone: str, modes: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Return the words, and a sentence for everything that they cannot say as it is here.

    `geometry` is cols, rows, chain, parallel; `modes` names the plugin of a mode, as manifests tell.
    """
    hardware: dict[str, Any] = settings["hardware"]
    schedule, dimming, notes = _schedules(settings)
    words = {
        "timezone": time_zone,
        "location": {part: settings["location"][part] for part in PLACE},
        "schedule": schedule,
        "dim_schedule": dimming,
        "display": {
            "hardware": {
                **{name: value for name, value in hardware.items() if name not in IN_RUNTIME},
                "brightness": settings["brightness"],
                **dict(zip(GEOMETRY, geometry, strict=True)),
            },
            "runtime": {name: hardware[name] for name in IN_RUNTIME if name in hardware},
            "display_durations": _durations(settings["durations"], modes, notes),
            "dynamic_duration": {"max_duration_seconds": whole(settings["longest_cycle"])},
            "vegas_scroll": {there: whole(settings["ticker"][here]) for here, there in TICKER.items()},
        },
    }
    return words, notes


def _schedules(settings: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    notes: list[str] = []
    schedule, is_same = write_windows(readable_windows(settings["schedules"], with_brightness=False), ON)
    if not is_same:
        notes.append("schedule: a day has one span there; the panel is on from its first to its last minute of each day.")
    windows = readable_windows(settings["dimming"], with_brightness=True)
    dimming, is_same = write_windows(windows, DIM)
    dimming["dim_brightness"] = min((window.brightness for window in windows if window.brightness is not None), default=30)
    if not is_same:
        notes.append("dim_schedule: a day has one span there, and all have the same brightness; the darkest is written.")
    return schedule, dimming, notes


def _durations(durations: Mapping[str, Mapping[str, float]], modes: Mapping[str, str], notes: list[str]) -> dict[str, float]:
    """Return seconds by mode, without those that another plugin there would take for its own."""
    found: dict[str, float] = {}
    for plugin_id, own in durations.items():
        for mode, seconds in own.items():
            if modes.get(mode, plugin_id) not in ("", plugin_id) or found.setdefault(mode, whole(seconds)) != seconds:
                notes.append(f"display_durations: {mode} of {plugin_id} has the same name as another plugin's.")
    return found
