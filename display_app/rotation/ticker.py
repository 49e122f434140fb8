"""The continuous ticker as people set it: how fast, what stands between plugins, who takes part and how. Pure.

Every plugin that takes part has one of three *ways*: `scroll` (its pictures pass one behind the other), `fixed` (they pass as one block)
or `static` (the strip stops while the plugin has the whole panel). A plugin names its own; a person's word counts more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

SCROLL, FIXED, STATIC = "scroll", "fixed", "static"
WAYS = (SCROLL, FIXED, STATIC)
MOST_PLUGINS = 200
MOST_WEIGHT = 10


class TickerProblem(ValueError):
    """Settings that cannot be understood; the text says which part and why."""


@dataclass(frozen=True)
class Part:
    """What a person wants of one plugin; empty and None leave it to the plugin."""

    way: str = ""
    weight: int | None = None


@dataclass(frozen=True)
class TickerSettings:
    """`speed` is in pixels a second, gaps are in pixels; pictures are drawn for `width_percent` of the panel."""

    enabled: bool = False
    speed: float = 50.0
    gap: int = 32
    item_gap: int = 8
    width_percent: int = 100
    trim: bool = True
    live_in_ticker: bool = False
    live_weight: int = 3
    order: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    plugins: dict[str, Part] = field(default_factory=dict)

    def part_of(self, plugin_id: str) -> Part:
        """Return what a person wants of one plugin."""
        return self.plugins.get(plugin_id, Part())

    def in_order(self, plugin_ids: list[str]) -> list[str]:
        """Return those that may take part: the named ones first, then the others as they come."""
        known = [plugin_id for plugin_id in plugin_ids if plugin_id not in self.excluded]
        named = [plugin_id for plugin_id in self.order if plugin_id in known]
        return named + [plugin_id for plugin_id in known if plugin_id not in named]

    def to_dict(self) -> dict[str, Any]:
        """Return the form that settings are kept in."""
        return {
            **{name: getattr(self, name) for name in _CHECKS if name not in ("order", "excluded", "plugins")},
            "order": list(self.order),
            "excluded": sorted(self.excluded),
            "plugins": {plugin_id: {"way": part.way, "weight": part.weight} for plugin_id, part in self.plugins.items()},
        }


def parse_ticker(value: object, *, present: TickerSettings = TickerSettings()) -> TickerSettings:
    """Read settings; what is not named stays as it is at present. Raise TickerProblem for anything that is no setting."""
    if not isinstance(value, dict):
        raise TickerProblem("must be an object of settings of the ticker")
    if unknown := [str(name)[:40] for name in value if name not in _CHECKS]:
        raise TickerProblem(f"has {unknown[0]!r}; known are {', '.join(_CHECKS)}")
    named = {name: _CHECKS[name](name, found) for name, found in value.items()}
    return TickerSettings(**{**{name: getattr(present, name) for name in _CHECKS}, **named})


def readable_ticker(value: object) -> TickerSettings:
    """Read what can be read, for a row that somebody else may have written: anything wrong is the default."""
    try:
        return parse_ticker(value)
    except TickerProblem:
        return TickerSettings()


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TickerProblem(f"{name} must be true or false")
    return value


def _number(least: float, most: float) -> Callable[[str, object], float]:
    def check(name: str, value: object) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not is_number or not least <= value <= most:  # type: ignore[operator]
            raise TickerProblem(f"{name} must be a number from {least:g} to {most:g}")
        return float(value)  # type: ignore[arg-type]

    return check


def _whole(least: int, most: int) -> Callable[[str, object], int]:
    def check(name: str, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise TickerProblem(f"{name} must be a whole number from {least} to {most}")
        return value

    return check


def _names(name: str, value: object) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_PLUGINS or not all(isinstance(entry, str) and entry for entry in value):
        raise TickerProblem(f"{name} must be a list of at most {MOST_PLUGINS} ids of plugins")
    return list(dict.fromkeys(value))


def _parts(name: str, value: object) -> dict[str, Part]:
    if not isinstance(value, dict) or len(value) > MOST_PLUGINS:
        raise TickerProblem(f"{name} must be an object with at most {MOST_PLUGINS} plugins")
    parts = {str(plugin_id): _part(f"{name}.{plugin_id}", part) for plugin_id, part in value.items()}
    return {plugin_id: part for plugin_id, part in parts.items() if part != Part()}


def _part(name: str, value: object) -> Part:
    if not isinstance(value, dict) or set(value) - {"way", "weight"}:
        raise TickerProblem(f"{name} must be an object with way, weight or both")
    way, weight = value.get("way") or "", value.get("weight")
    if way not in ("", *WAYS):
        raise TickerProblem(f"{name}.way must be empty or one of {', '.join(WAYS)}")
    return Part(way, None if weight is None else _whole(1, MOST_WEIGHT)(f"{name}.weight", weight))


_CHECKS: dict[str, Callable[[str, object], Any]] = {
    "enabled": _flag,
    "speed": _number(1, 500),
    "gap": _whole(0, 512),
    "item_gap": _whole(0, 512),
    "width_percent": _whole(10, 100),
    "trim": _flag,
    "live_in_ticker": _flag,
    "live_weight": _whole(1, MOST_WEIGHT),
    "order": lambda name, value: tuple(_names(name, value)),
    "excluded": lambda name, value: frozenset(_names(name, value)),
    "plugins": _parts,
}
