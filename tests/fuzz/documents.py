"""Makes documents: anything that JSON can say, and good documents with something wrong in them."""

from __future__ import annotations

import copy
import random
from typing import Any

TYPES = ("object", "string", "array", "number", "integer", "null", "boolean")
TEXTS = (*TYPES, "", "x", "../..", "a/b", "\x00", "\ud800", "\u00e9" * 40, "x" * 5000)
NUMBERS = (0, 1, -1, 2**31, 2**63, 10**400, -0.0, 1e308, float("inf"), float("nan"), 0.1)
OF_SCHEMAS = (
    "type",
    "properties",
    "items",
    "default",
    "enum",
    "required",
    "minimum",
    "maxLength",
    "$ref",
    "anyOf",
    "pattern",
    "title",
    "format",
)
OF_MANIFESTS = ("id", "name", "version", "tags", "class_name", "entry_point", "display_modes")
KEYS = (*OF_SCHEMAS, *OF_MANIFESTS, "plugins", "repo", "x-secret", "a.b", "a/b~c", "__class__")


def anything(dice: random.Random, depth: int = 4) -> Any:
    """Return any JSON value."""
    kind = dice.randrange(8 if depth else 5)
    if kind == 0:
        return dice.choice(NUMBERS)
    if kind == 1:
        return dice.choice((True, False, None))
    if kind < 5:
        return dice.choice(TEXTS + KEYS)
    if kind == 5:
        return [anything(dice, depth - 1) for _ in range(dice.randrange(4))]
    return {dice.choice(TEXTS + KEYS): anything(dice, depth - 1) for _ in range(dice.randrange(5))}


def spoiled(document: Any, dice: random.Random) -> Any:
    """Return a copy with one to three parts replaced, removed, renamed or doubled."""
    result = copy.deepcopy(document)
    for _ in range(dice.randint(1, 3)):
        places = list(_places(result))
        if not places:
            return anything(dice)
        holder, key = dice.choice(places)
        way = dice.randrange(4)
        if way == 0:
            del holder[key]
        elif way == 1 and isinstance(holder, dict):
            holder[dice.choice(KEYS)] = holder[key]
        elif way == 2 and isinstance(holder, list):
            holder.append(holder[key])
        else:
            holder[key] = anything(dice, 2)
    return result


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        found += [(value, key), *_places(part)]
    return found
