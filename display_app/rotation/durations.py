"""How long turns last where people have said so: seconds by plugin and mode, for all others, and at most for a cycle. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from display_app.rotation.turns import Slot

SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 3600.0
MOST_PLUGINS, MOST_MODES = 200, 100


class DurationProblem(ValueError):
    """Durations that cannot be understood; the text says which and why."""


@dataclass(frozen=True)
class Durations:
    """`default` counts for plugins that name none themselves; `by_plugin` before what a plugin says; `longest` ends what is dynamic."""

    default: float = 15.0
    by_plugin: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    longest: float = 180.0

    def of(self, slot: Slot) -> float | None:
        """Return the seconds that a person wants for one mode."""
        return self.by_plugin.get(slot.plugin_id, {}).get(slot.mode)


def parse_durations(value: object) -> dict[str, dict[str, float]]:
    """Read seconds by plugin and mode; null takes one away. Raise DurationProblem for anything else."""
    if not isinstance(value, dict) or len(value) > MOST_PLUGINS:
        raise DurationProblem(f"must be an object with at most {MOST_PLUGINS} plugins")
    found = {str(plugin_id): _modes(str(plugin_id), modes) for plugin_id, modes in value.items()}
    return {plugin_id: modes for plugin_id, modes in found.items() if modes}


def readable_durations(value: object) -> dict[str, dict[str, float]]:
    """Read what can be read, for a row that somebody else may have written."""
    try:
        return parse_durations(value)
    except DurationProblem:
        return {}


def _modes(plugin_id: str, value: Any) -> dict[str, float]:
    if not isinstance(value, dict) or len(value) > MOST_MODES:
        raise DurationProblem(f"{plugin_id} must be an object of modes and seconds")
    return {str(mode): _seconds(f"{plugin_id}.{mode}", seconds) for mode, seconds in value.items() if seconds is not None}


def _seconds(where: str, value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not SHORTEST_SECONDS <= value <= LONGEST_SECONDS:  # type: ignore[operator]
        raise DurationProblem(f"{where} must be a number of seconds from {SHORTEST_SECONDS:g} to {LONGEST_SECONDS:g}")
    return float(value)  # type: ignore[arg-type]
