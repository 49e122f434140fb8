"""Defaults that a schema declares, and how a person's values lie on top of them (pure)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from plugins_app.config.pointers import ABSENT

HOST_DEFAULTS: dict[str, Any] = {"enabled": True, "display_duration": 15, "live_priority": False}
WITHOUT_SCHEMA: dict[str, Any] = {"enabled": False, "display_duration": 15}


def defaults_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a plugin that nobody configured yet."""
    if not schema:
        return dict(WITHOUT_SCHEMA)
    declared = _default(schema)
    found = declared if isinstance(declared, dict) else _of_properties(schema)
    return {**found, **{key: value for key, value in HOST_DEFAULTS.items() if key not in found}}


def merge(defaults: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Lay values over defaults: objects recursively, lists replaced, a null gives way to a default."""
    merged = deepcopy(defaults)
    for key, value in values.items():
        default = merged.get(key)
        if value is None and default is not None:
            continue
        merged[key] = merge(default, value) if isinstance(default, dict) and isinstance(value, dict) else deepcopy(value)
    return merged


def prune(values: dict[str, Any], *, defaults: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    """Leave out what only repeats a default, unless it was saved before: a new default of an update then counts."""
    kept: dict[str, Any] = {}
    for key, value in values.items():
        default, before = defaults.get(key, ABSENT), stored.get(key, ABSENT)
        if isinstance(value, dict) and isinstance(default, dict):
            inner = prune(value, defaults=default, stored=before if isinstance(before, dict) else {})
            if inner or before is not ABSENT:
                kept[key] = inner
        elif before is not ABSENT or not is_same(value, default):
            kept[key] = value
    return kept


def is_same(one: Any, other: Any) -> bool:
    """Compare as JSON does: true is not 1."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)


def _of_properties(schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties")
    found: dict[str, Any] = {}
    for name, subschema in properties.items() if isinstance(properties, dict) else ():
        default = _default(subschema) if isinstance(subschema, dict) else ABSENT
        if default is not ABSENT:
            found[name] = default
    return found


def _default(schema: dict[str, Any]) -> Any:
    """Return what one property starts with: its own default whole, else what its parts declare, else nothing."""
    if "default" in schema:
        return deepcopy(schema["default"])
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "object" in kinds or isinstance(schema.get("properties"), dict):
        return _of_properties(schema) or ABSENT
    if "array" in kinds:
        items = schema.get("items")
        if isinstance(items, dict) and items.get("type") != "object" and "default" in items:
            return [deepcopy(items["default"])]
        return []
    return ABSENT
