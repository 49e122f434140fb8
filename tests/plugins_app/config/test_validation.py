"""What is wrong with settings, in plain words."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from plugins_app.config.defaults import defaults_of
from plugins_app.config.validation import Problem, validate


def messages(properties: dict[str, Any], values: dict[str, Any], **more: Any) -> dict[str, str]:
    return {problem.path: problem.message for problem in validate({"type": "object", "properties": properties, **more}, values)}


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": "integer"}, "7", "This must be a whole number."),
        ({"type": ["number", "null"]}, "7", "This must be a number or empty."),
        ({"type": "boolean"}, 1, "This must be true or false."),
        ({"minimum": 3}, 2, "This must be at least 3."),
        ({"maximum": 3}, 4, "This must be at most 3."),
        ({"multipleOf": 5}, 4, "This must be a multiple of 5."),
        ({"enum": ["a", "b", 3]}, "c", "This must be one of: a, b, 3."),
        ({"type": "string", "minLength": 1}, "", "This is needed."),
        ({"type": "string", "maxLength": 2}, "abc", "This may have at most 2 characters."),
        ({"type": "string", "pattern": "^[0-9]+$"}, "abc", "This does not have the expected form (^[0-9]+$)."),
        ({"type": "array", "maxItems": 1}, [1, 2], "This list may have at most 1 item."),
        ({"type": "array", "uniqueItems": True}, [1, 1], "An item stands twice in this list."),
        ({"oneOf": [{"type": "boolean"}, {"type": "object"}]}, 3, "This does not have one of the expected forms."),
        ({"not": {"type": "integer"}}, 3, "This is not accepted here."),
    ],
)
def test_each_rule_has_its_sentence(schema: dict[str, Any], value: Any, message: str) -> None:
    assert messages({"a": schema}, {"a": value}) == {"/a": message}


def test_places_are_pointers_that_survive_dots_and_slashes() -> None:
    schema = {"eng.1": {"type": "object", "properties": {"a/b~c": {"type": "array", "items": {"type": "integer"}}}}}
    assert messages(schema, {"eng.1": {"a/b~c": [1, "x"]}}) == {"/eng.1/a~1b~0c/1": "This must be a whole number."}


def test_what_is_missing_and_what_is_unknown_have_their_own_places() -> None:
    assert messages({"a": {}}, {"b": 1, "c": 2}, required=["a"], additionalProperties=False) == {
        "/a": "This is needed.",
        "/b": "The plugin knows no setting of this name.",
        "/c": "The plugin knows no setting of this name.",
    }


def test_keys_of_the_host_are_known_to_every_plugin_and_never_required() -> None:
    values = {"enabled": True, "display_duration": 20, "live_priority": False, "skin": "dark", "vegas_width_pct": 50}
    assert messages({}, values, additionalProperties=False) == {}
    assert messages({}, {}, required=["enabled"]) == {}
    assert messages({}, {"display_duration": 0}) == {"/display_duration": "This must be at least 1."}


def test_a_schema_of_its_own_for_a_host_key_counts() -> None:
    assert messages({"display_duration": {"type": "integer", "maximum": 900}}, {"display_duration": 600}) == {}


def test_a_message_never_repeats_the_value() -> None:
    schemas: list[dict[str, Any]] = [{"type": "integer"}, {"maxLength": 3}, {"pattern": "^x$"}, {"enum": ["a"]}, {"const": "b"}]
    for schema in schemas:
        assert "geheim" not in str(messages({"password": schema}, {"password": "geheim"}))


def test_no_schema_accepts_everything() -> None:
    assert validate({}, {"whatever": [1, {"x": None}]}) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"pattern": "("}}},
        {"properties": {"a": {"$ref": "http://127.0.0.1:9/schema.json"}}},
        {"properties": {"a": {"$ref": "#/nowhere"}}},
        {"properties": {"a": {"type": "colour", "minimum": "low", "required": True}}},
        {"type": 7, "properties": []},
    ],
)
def test_a_schema_that_cannot_be_used_checks_nothing_and_asks_nobody(schema: dict[str, Any]) -> None:
    assert validate(schema, {"a": "x"}) == []


@pytest.mark.parametrize("value", [math.nan, math.inf, {1, 2}, object()])
def test_what_is_not_json_is_refused(value: Any) -> None:
    assert validate({}, {"a": value}) == [Problem("", "The settings hold something that is not JSON.", "json")]


def test_the_defaults_of_real_plugins_lack_only_what_a_person_must_enter(plugin_schemas: list[Path]) -> None:
    for path in plugin_schemas:
        schema = json.loads(path.read_bytes())
        assert {problem.keyword for problem in validate(schema, defaults_of(schema))} <= {"required"}, path
