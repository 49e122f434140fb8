"""Whose pictures come next on the ticker: round after round, each plugin as often as its weight says, its places spread evenly. Pure.

Each step every plugin earns its weight, and the richest pays what all have earned; of equals the first in the order is taken.
Plugins may come and go between steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Pick(NamedTuple):
    """Who is next, and what everybody has saved afterwards."""

    plugin_id: str
    savings: Mapping[str, int]


def pick(weights: Mapping[str, int], savings: Mapping[str, int]) -> Pick:
    """Return the next of the plugins in `weights`, which is in their order and not empty."""
    earned = {plugin_id: savings.get(plugin_id, 0) + weight for plugin_id, weight in weights.items()}
    chosen = max(earned, key=lambda plugin_id: earned[plugin_id])
    return Pick(chosen, earned | {chosen: earned[chosen] - sum(weights.values())})


def upcoming(weights: Mapping[str, int], savings: Mapping[str, int], *, count: int) -> list[str]:
    """Return the next `count` different plugins, as it looks now."""
    found: list[str] = []
    for _ in range(sum(weights.values())):
        if len(found) >= min(count, len(weights)):
            break
        plugin_id, savings = pick(weights, savings)
        if plugin_id not in found:
            found.append(plugin_id)
    return found
