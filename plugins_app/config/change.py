"""Works out what a submitted change does to settings: plain values here, secrets there, and what may not be saved (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from plugins_app.config.defaults import defaults_of, is_same, merge, prune
from plugins_app.config.pointers import ABSENT, parts_of, place, remove, runs_through_list, value_at
from plugins_app.config.secret_paths import masked_pointer, secret_paths
from plugins_app.config.validation import Problem, validate


@dataclass(frozen=True)
class Change:
    """The values to save, the secrets to write, and for each secret to keep the pointer at which it was found."""

    values: dict[str, Any]
    new_secrets: dict[str, Any]
    kept_secrets: dict[str, str]


def compose(schema: dict[str, Any], values: dict[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings whole: defaults, values on top, secrets in their places."""
    whole = merge(defaults_of(schema), values)
    for pointer in sorted(secrets):
        place(whole, pointer, secrets[pointer])
    return whole


def plan(
    schema: dict[str, Any],
    *,
    stored: dict[str, Any],
    stored_secrets: set[str],
    submitted: dict[str, Any],
    is_partial: bool,
    secrets: Collection[str] = (),
) -> Change:
    """Sort a submission: an empty or masked secret stays, a null one goes; partial submissions merge (RFC 7396).

    Secret is what the schema or a name calls so, what is named in `secrets`, and what was one before.
    """
    rest, said = _take_secrets(schema, submitted, also={*secrets, *stored_secrets})
    defaults = defaults_of(schema)
    values = _patched(stored, rest) if is_partial else deepcopy(rest)
    new: dict[str, Any] = {}
    kept: dict[str, str] = {pointer: pointer for pointer in stored_secrets if not runs_through_list(submitted, pointer)}
    for pointer, value in said.items():
        origin = masked_pointer(value, pointer)
        if value is None:
            kept.pop(pointer, None)
        elif origin is not None:
            if origin in stored_secrets and (origin != pointer or _keeps_its_place(stored, submitted, pointer)):
                kept[pointer] = origin
        elif pointer in stored_secrets or pointer in secrets or not is_same(value, value_at(defaults, pointer)):
            kept.pop(pointer, None)
            new[pointer] = value
    return Change(values=prune(values, defaults=defaults, stored=stored), new_secrets=new, kept_secrets=kept)


def refused(schema: dict[str, Any], *, before: dict[str, Any], after: dict[str, Any], is_partial: bool) -> list[Problem]:
    """Return what may not be saved. What was wrong before and stays as it was does not stand in the way of the rest:
    everything in a partial change; keys that the schema does not know and defaults of its own in a full one."""
    known = {(problem.path, problem.keyword) for problem in validate(schema, before)}
    defaults = defaults_of(schema)

    def is_tolerated(problem: Problem) -> bool:
        value, old = value_at(after, problem.path), value_at(before, problem.path)
        if (problem.path, problem.keyword) not in known or not is_same(value, old):
            return False
        is_default = value is not ABSENT and is_same(value, value_at(defaults, problem.path))
        return is_partial or problem.keyword == "additionalProperties" or is_default

    return [problem for problem in validate(schema, after) if not is_tolerated(problem)]


def changed_pointers(before: dict[str, Any], after: dict[str, Any], *, path: str = "") -> list[str]:
    """Name the settings that differ, without their values."""
    found: list[str] = []
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key, ABSENT), after.get(key, ABSENT)
        here = f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}"
        if isinstance(one, dict) and isinstance(other, dict):
            found += changed_pointers(one, other, path=here)
        elif not is_same(one, other):
            found.append(here)
    return found


def _take_secrets(schema: dict[str, Any], submitted: dict[str, Any], *, also: set[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    rest = deepcopy(submitted)
    said: dict[str, Any] = {}
    for pointer in secret_paths(schema, submitted) | {each for each in also if not runs_through_list(submitted, each)}:
        value = value_at(submitted, pointer)
        if value is not ABSENT:
            said[pointer] = value
            remove(rest, pointer)
    return rest, said


def _keeps_its_place(stored: dict[str, Any], submitted: dict[str, Any], pointer: str) -> bool:
    """Tell whether an empty secret means the one at the same place: not in a list whose length has changed."""
    parts = parts_of(pointer)
    for depth in range(1, len(parts)):
        here = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parts[:depth])
        new, old = value_at(submitted, here), value_at(stored, here)
        if isinstance(new, list) and (not isinstance(old, list) or len(old) != len(new)):
            return False
    return True


def _patched(target: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    result = deepcopy(target)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            inner = result.get(key)
            result[key] = _patched(inner if isinstance(inner, dict) else {}, value)
        else:
            result[key] = deepcopy(value)
    return result
