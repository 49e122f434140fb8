"""Decides for every value of an import whether it is taken: what a person has set here counts more than what was elsewhere (pure)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plugins_app.config.defaults import is_same
from plugins_app.config.pointers import value_at

SINCE = "It was changed here since the import."
BEFORE = "It was set here before the import."


@dataclass(frozen=True)
class Choice:
    """What to take (by pointer), what is the same already, and what stays as it is here, with the reason."""

    take: dict[str, Any] = field(default_factory=dict, repr=False)  # secrets may be among them
    same: tuple[str, ...] = ()
    kept: dict[str, str] = field(default_factory=dict)


def choose(
    theirs: Mapping[str, Any],
    *,
    here: dict[str, Any],
    is_own: Callable[[str], bool],
    mark_of: Callable[[str], str],
    marks: Mapping[str, str],
    overwrite: bool,
) -> Choice:
    """Sort values by pointer: `marks` is what the last import left, `mark_of` what is there now, `is_own` whether a person set it."""
    take: dict[str, Any] = {}
    same: list[str] = []
    kept: dict[str, str] = {}
    for pointer, value in theirs.items():
        if is_same(value_at(here, pointer), value):
            same.append(pointer)
        elif overwrite or (marks[pointer] == mark_of(pointer) if pointer in marks else not is_own(pointer)):
            take[pointer] = value
        else:
            kept[pointer] = SINCE if pointer in marks else BEFORE
    return Choice(take, tuple(same), kept)


def mark(value: Any) -> str:
    """Return a short name for a value, by which it is recognised and not known."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
