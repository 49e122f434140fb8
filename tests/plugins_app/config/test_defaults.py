"""Defaults out of schemas."""

from __future__ import annotations

from typing import Any

import pytest

from plugins_app.config.defaults import defaults_of, merge, prune

HOST = {"enabled": True, "display_duration": 15, "live_priority": False}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"a": {"type": "integer", "default": 3}}, {"a": 3}),
        ({"a": {"type": "integer"}}, {}),
        ({"a": {"type": "string", "default": None}}, {"a": None}),
        ({"a": {"type": "array"}}, {"a": []}),
        ({"a": {"type": "array", "items": {"type": "string", "default": "x"}}}, {"a": ["x"]}),
        ({"a": {"type": "array", "items": {"type": "object", "default": {"b": 1}}}}, {"a": []}),
        ({"a": {"type": ["array", "null"]}}, {"a": []}),
        ({"a": {"type": "object", "properties": {"b": {"default": 1}, "c": {}}}}, {"a": {"b": 1}}),
        ({"a": {"type": "object", "properties": {"b": {}}}}, {}),
        ({"a": {"type": "object", "default": {"z": 1}, "properties": {"b": {"default": 1}}}}, {"a": {"z": 1}}),
        ({"display_duration": {"default": 30}, "enabled": {"default": False}}, {"display_duration": 30, "enabled": False}),
        ({"a": "not a schema", "b": {"default": 2}}, {"b": 2}),
    ],
)
def test_each_rule(properties: dict[str, Any], expected: dict[str, Any]) -> None:
    assert defaults_of({"type": "object", "properties": properties}) == {**HOST, **expected}


def test_a_plugin_without_a_schema_starts_disabled() -> None:
    assert defaults_of({}) == {"enabled": False, "display_duration": 15}


def test_defaults_are_copies() -> None:
    schema = {"properties": {"a": {"type": "array", "default": [1]}}}
    defaults_of(schema)["a"].append(2)
    assert defaults_of(schema)["a"] == [1]


def test_merge_goes_into_objects_replaces_lists_and_lets_null_give_way() -> None:
    defaults = {"a": {"b": 1, "c": [1, 2]}, "d": 4, "e": None}
    values = {"a": {"c": [3]}, "d": None, "e": None, "f": None, "g.h/i~j": {"x": 1}}
    assert merge(defaults, values) == {"a": {"b": 1, "c": [3]}, "d": 4, "e": None, "f": None, "g.h/i~j": {"x": 1}}
    assert defaults == {"a": {"b": 1, "c": [1, 2]}, "d": 4, "e": None}


def test_prune_leaves_out_what_repeats_a_default_unless_it_was_saved_before() -> None:
    defaults = {"a": 1, "b": 2, "c": {"d": True, "e": 0}, "f": {"g": 1}}
    values = {"a": 1, "b": 2, "c": {"d": 1, "e": 0}, "f": {"g": 1}, "own": 5}
    assert prune(values, defaults=defaults, stored={"b": 9}) == {"b": 2, "c": {"d": 1}, "own": 5}
