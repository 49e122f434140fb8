"""Schemas that ask for years of work are not followed; ordinary ones are."""

from __future__ import annotations

from typing import Any

import pytest

from plugins_app.config.effort import MOST_VALUES, TooMuch, check_effort
from plugins_app.config.validation import validate


def doubling(levels: int, *, name: str = "definitions") -> dict[str, Any]:
    parts: dict[str, Any] = {f"d{level}": {"anyOf": [{"$ref": f"#/{name}/d{level + 1}"}] * 2} for level in range(levels)}
    return {"type": "object", "properties": {"a": {"$ref": f"#/{name}/d0"}}, name: {**parts, f"d{levels}": {"type": "integer"}}}


BOMBS = {
    "doubling": doubling(60),
    "doubling under another name": doubling(60, name="x-parts"),
    "percent": {"properties": {"a": {"$ref": "#/definit%69ons/d0"}}, "definitions": doubling(60)["definitions"]},
    "itself": {"type": "object", "properties": {"a": {"$ref": "#"}}},
    "each other": {"definitions": {"x": {"$ref": "#/definitions/y"}, "y": {"$ref": "#/definitions/x"}}},
    "chain": {"definitions": {f"d{level}": {"$ref": f"#/definitions/d{level + 1}"} for level in range(5000)}},
    "nowhere": {"properties": {"a": {"$ref": "#/definitions/none"}}},
}


@pytest.mark.parametrize("schema", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_not_followed(schema: dict[str, Any]) -> None:
    with pytest.raises(TooMuch):
        check_effort(schema, {"a": "x"})
    assert validate(schema, {"a": "x"}) == []


def test_references_that_lead_somewhere_are_followed() -> None:
    problems = validate(doubling(4), {"a": "x"})
    assert [problem.path for problem in problems] == ["/a"]


def test_many_values_against_many_rules_are_too_much() -> None:
    schema = {"properties": {"a": {"items": {"anyOf": [{"const": number} for number in range(5000)]}}}}
    with pytest.raises(TooMuch):
        check_effort(schema, {"a": [0] * 19_000})
    assert validate({}, {"a": [0] * MOST_VALUES})[0].message == f"These are more than {MOST_VALUES} values."


@pytest.mark.timeout(30)  # years, when it goes wrong
@pytest.mark.parametrize("pattern", ["^(a+)+$", "^((a|aa)+)\\1$", "^(?=(a+)+$)b", "(?<!x)(a*)*b"])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    problems = validate({"properties": {"a": {"items": {"type": "string", "pattern": pattern}}}}, {"a": ["a" * 40 + "!"] * 2000})
    assert isinstance(problems, list)


def test_a_pattern_that_looks_around_does_not_cost_the_other_checks() -> None:
    schema = {"properties": {"a": {"type": "string", "pattern": "^(?!x)"}, "b": {"type": "integer"}}}
    assert [problem.path for problem in validate(schema, {"a": "x", "b": "y"})] == ["/b"]
