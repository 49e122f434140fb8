"""Schemas: whatever an author wrote becomes valid draft-07, and keeps its meaning where it has one."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins_app.exceptions import PackageError
from plugins_app.package.schema import normalise, read_schema
from tests.fakes.archives import PLUGINS, make_tree

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "plugins"


def of(part: dict[str, object]) -> object:
    return normalise({"type": "object", "properties": {"a": part}})["properties"]["a"]


def test_a_flag_on_a_property_becomes_its_parents_list():
    schema = {
        "type": "object",
        "required": ["b", 3],
        "properties": {"a": {"type": "string", "required": True}, "b": {"type": "string", "required": False}},
    }
    assert normalise(schema) == {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "required": ["b", "a"],
    }


@pytest.mark.parametrize(
    ("given_part", "expected"),
    [
        ({"type": ["null", "integer"], "default": None}, {"type": ["integer", "null"], "default": None}),
        ({"type": ["boolean", "object"], "default": {}}, {"type": ["object", "boolean"], "default": {}}),
        ({"type": "null"}, {"type": ["object", "null"]}),
        ({"type": "bool"}, {"type": "boolean"}),
        ({"type": "colour"}, {}),
        ({"type": []}, {}),
        ({"properties": {}}, {"type": "object", "properties": {}}),
        ({"items": {"type": "int"}}, {"type": "array", "items": {"type": "integer"}}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"minimum": "3", "maximum": 4}, {"maximum": 4}),
        ({"minimum": 3, "exclusiveMinimum": True}, {"exclusiveMinimum": 3}),
        ({"minLength": -1, "maxItems": 2.5, "multipleOf": 0}, {}),
        ({"enum": []}, {}),
        ({"pattern": "(", "title": 3}, {}),
        ({"$ref": "https://example.org/x", "$id": "x"}, {}),
        ({"oneOf": []}, {}),
        ({"x-widget": "anything", "default": "1"}, {"x-widget": "anything", "default": "1"}),
    ],
    ids=str,
)
def test_a_property_is_put_right(given_part, expected):
    assert of(given_part) == expected


def test_something_else_than_a_property_allows_anything():
    assert normalise({"properties": {"a": "text", "b": True}})["properties"] == {"a": {}, "b": True}


def test_depth_is_limited():
    deep: dict[str, object] = {}
    for _ in range(500):
        deep = {"properties": {"a": deep}}
    jsonschema_rs.Draft7Validator(normalise(deep))


def test_reading(tmp_path):
    assert read_schema(tmp_path) == {}
    assert read_schema(PLUGINS / "hello")["properties"]["text"]["default"] == "HELLO"
    for text in ("[]", "{", "[" * 100_000):
        make_tree(tmp_path, {"config_schema.json": text})
        with pytest.raises(PackageError) as caught:
            read_schema(tmp_path)
        assert caught.value.code == "schema-invalid"


def test_all_schemas_of_real_plugins_become_valid():
    for folder in sorted(path for path in REAL.glob("*") if path.is_dir()):
        known = normalise(read_schema(folder))
        jsonschema.Draft7Validator.check_schema(known)
        jsonschema_rs.Draft7Validator(known)
        assert normalise(known) == known


KEYS = [
    *("type", "properties", "items", "required", "enum", "default", "minimum", "maximum", "exclusiveMinimum", "minLength", "pattern"),
    *("format", "oneOf", "allOf", "not", "additionalProperties", "patternProperties", "$ref", "title", "nullable", "uniqueItems"),
    "multipleOf",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["string", "object", "null", "int", "(", "#", "time"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "a"]), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
def test_anything_becomes_valid(schema):
    jsonschema.Draft7Validator.check_schema(normalise(schema))
