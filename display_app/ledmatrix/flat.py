"""Settings of the panel by pointer, each as small as it can be taken or left alone, and whole again (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plugins_app.config.pointers import parts_of, pointer_of

DEPTHS = {"location": 1, "hardware": 1, "ticker": 1, "limits": 1, "durations": 2}
OF_THE_MOMENT = ("power", "paused", "override")  # what somebody has done just now is no setting to take along


def flatten(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return every setting by its pointer."""
    found: dict[str, Any] = {}
    for name, value in settings.items():
        if name not in OF_THE_MOMENT:
            found |= _parts([name], value, depth=DEPTHS.get(name, 0))
    return found


def is_of_panel(pointer: str, names: Iterable[str]) -> bool:
    """Tell whether a pointer may stand for a setting of the panel; `names` are those that there are."""
    parts = parts_of(pointer)
    name = parts[0] if parts else ""
    return name in names and name not in OF_THE_MOMENT and len(parts) == 1 + DEPTHS.get(name, 0)


def _parts(path: list[str], value: Any, *, depth: int) -> dict[str, Any]:
    if not depth or not isinstance(value, dict):
        return {} if depth else {pointer_of(path): value}
    found: dict[str, Any] = {}
    for name, inner in value.items():
        found |= _parts([*path, name], inner, depth=depth - 1)
    return found
