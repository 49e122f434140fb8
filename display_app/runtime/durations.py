"""How long one mode stays on the panel: the arithmetic of dwells (contract 5.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from display_app.runtime.guard import tolerate

FALLBACK_SECONDS = 15.0
UNKNOWN_SECONDS = 30.0
GLOBAL_CAP_SECONDS = 180.0


@dataclass(frozen=True)
class Dwell:
    """Seconds on the panel: at least `base`, at most `maximum`; between the two a dynamic dwell ends when the cycle is complete."""

    base: float
    maximum: float
    dynamic: bool


def dwell_of(plugin: Any, mode: str, *, global_config: dict[str, Any], longest: float | None = None) -> Dwell:
    """Compute the dwell of `mode`; errors in the plugin's own answers fall back to the defaults."""
    display = _block(global_config, "display")
    base = _base_seconds(plugin, mode, display)
    if not tolerate(lambda: bool(plugin.supports_dynamic_duration()), fallback=False, what="supports_dynamic_duration"):
        return Dwell(base=base, maximum=base, dynamic=False)
    cap = _cap_seconds(plugin, display, longest)
    base = max(base, min(_floor_seconds(plugin), cap))
    cycle = _positive(tolerate(lambda: _cycle_seconds(plugin, mode), fallback=None, what="get_cycle_duration"))
    return Dwell(base=base, maximum=max(base, min(cycle, cap) if cycle else cap), dynamic=True)


def _base_seconds(plugin: Any, mode: str, display: dict[str, Any]) -> float:
    hook = getattr(plugin, "get_display_duration", None)
    if hook is None:
        return _positive(_block(display, "display_durations").get(mode)) or UNKNOWN_SECONDS
    return _positive(tolerate(hook, fallback=None, what="get_display_duration")) or FALLBACK_SECONDS


def _cap_seconds(plugin: Any, display: dict[str, Any], longest: float | None) -> float:
    own = _positive(tolerate(plugin.get_dynamic_duration_cap, fallback=None, what="get_dynamic_duration_cap"))
    common = longest or _positive(_block(display, "dynamic_duration").get("max_duration_seconds", GLOBAL_CAP_SECONDS))
    return min((cap for cap in (own, common) if cap), default=GLOBAL_CAP_SECONDS)


def _floor_seconds(plugin: Any) -> float:
    """Return the seconds that a cycle takes at least, which three public plugins name; 0 when a plugin does not."""
    hook = getattr(plugin, "get_dynamic_duration_floor", None)
    return _positive(tolerate(hook, fallback=None, what="get_dynamic_duration_floor")) or 0.0 if hook is not None else 0.0


def _cycle_seconds(plugin: Any, mode: str) -> Any:
    hook = getattr(plugin, "get_cycle_duration", None)
    return hook(display_mode=mode) if hook is not None else None


def _positive(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 < value < float("inf") else None


def _block(config: dict[str, Any], name: str) -> dict[str, Any]:
    block = config.get(name)
    return block if isinstance(block, dict) else {}
