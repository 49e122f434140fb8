"""Takes settings along to another schema: what it refuses gives way to its default where that suffices, and is kept for a rollback."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from plugins_app.config.pointers import ABSENT, place, remove, value_at
from plugins_app.config.store import hide_secrets, settings_from
from plugins_app.config.validation import Problem, validate


@dataclass(frozen=True)
class Migrated:
    """A snapshot as the new schema takes it, what was replaced (by JSON pointer), and a sentence for each of these."""

    snapshot: dict[str, Any]
    replaced: dict[str, Any]
    given_up: list[str]


def migrate(snapshot: dict[str, Any], schema: dict[str, Any]) -> Migrated:
    """Fit a snapshot to a schema; secrets are never given up, nor are keys that the schema does not know."""
    current = hide_secrets(schema, snapshot)
    replaced: dict[str, Any] = {}
    given_up: list[str] = []
    for problem in _problems(schema, current):
        old = value_at(current["values"], problem.path)
        if not _is_about_value(problem, current["values"]):
            continue
        candidate = current | {"values": copy.deepcopy(current["values"])}
        remove(candidate["values"], problem.path)
        if any(left.path == problem.path for left in _problems(schema, candidate)):
            continue
        current, replaced[problem.path] = candidate, old
        given_up.append(f"The setting {problem.path} has its default again: {problem.message}")
    return Migrated(current, replaced, given_up)


def refused_values(snapshot: dict[str, Any], schema: dict[str, Any]) -> list[Problem]:
    """Return what a schema says against values that a person has set; what is only not set yet is no mistake."""
    values = snapshot.get("values") or {}
    return [problem for problem in _problems(schema, snapshot) if _is_about_value(problem, values)]


def refusals(schema: dict[str, Any], snapshot: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Return everything that a schema says against a snapshot, by place and rule, to compare two schemas."""
    problems = _problems(schema, snapshot)
    return {(problem.path, problem.keyword): f"{problem.path} {problem.message}".strip() for problem in problems}


def put_back(snapshot: dict[str, Any], replaced: dict[str, Any]) -> dict[str, Any]:
    """Return a snapshot with the values that a migration took out, where nobody has set others since."""
    values = copy.deepcopy(snapshot.get("values") or {})
    for pointer, old in replaced.items():
        if value_at(values, pointer) is ABSENT:
            place(values, pointer, old)
    return snapshot | {"values": values}


def _is_about_value(problem: Problem, values: dict[str, Any]) -> bool:
    return bool(problem.path) and problem.keyword != "additionalProperties" and value_at(values, problem.path) is not ABSENT


def _problems(schema: dict[str, Any], snapshot: dict[str, Any]) -> list[Problem]:
    return validate(schema, settings_from(schema, snapshot, enabled=True))
