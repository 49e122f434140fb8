"""Settings forms: what is shown for a schema, and what comes back out of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from plugins_app.config.change import changed_pointers
from plugins_app.config.defaults import defaults_of, merge
from plugins_app.config.form import Choice, FormField, build_form, parse_form
from plugins_app.config.validation import Problem


def as_browser(fields: Sequence[FormField], **typed: str) -> dict[str, list[str]]:
    """Post a form as a browser does, with some inputs typed over."""
    posted: dict[str, list[str]] = {}
    for field in (inner for top in fields for inner in top.inputs()):
        if field.kind == "boolean":
            posted |= {field.name: ["true"]} if field.value == "true" else {}
        elif field.kind == "choices":
            posted |= {field.name: list(field.value)} if field.value else {}
        else:
            posted[field.name] = [str(field.value)]
    return posted | {f"/{name}": [text] for name, text in typed.items()}


def field_for(schema: dict[str, Any], **values: Any) -> FormField:
    fields = build_form({"type": "object", "properties": {"a": schema}}, values)
    return next(field for field in fields if field.pointer == "/a")


def back_and_forth(schema: dict[str, Any], value: Any) -> Any:
    whole = {"type": "object", "properties": {"a": schema}}
    stored = {"a": value} if value is False else {}
    return parse_form(whole, as_browser(build_form(whole, {"a": value})), stored).values.get("a")


@pytest.mark.parametrize(
    ("schema", "value", "kind", "text"),
    [
        ({"type": "string"}, "x", "text", "x"),
        ({"type": "string"}, "two\nlines", "multiline", "two\nlines"),
        ({"type": "integer"}, 3, "integer", "3"),
        ({"type": "number"}, 0.5, "number", "0.5"),
        ({"type": ["number", "null"]}, 2, "number", "2"),
        ({"type": "boolean"}, True, "boolean", "true"),
        ({"type": "boolean"}, False, "boolean", ""),
        ({"type": "string", "enum": ["a", "b"]}, "b", "choice", "b"),
        ({"type": "string", "enum": ["a", "b"]}, None, "choice", ""),
        ({"type": "integer", "enum": [90, 180]}, 180, "choice", "180"),
        ({"type": "string", "enum": ["a"], "x-widget": "radio"}, "a", "radio", "a"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, ["b", "a"], "choices", ("b", "a")),
        ({"type": "array", "items": {"type": "string"}}, ["x", "y z"], "list", "x\ny z"),
        ({"type": "array", "items": {"type": "number"}}, [1, 2.5], "list", "1\n2.5"),
        ({"type": "array", "items": {"type": "object"}}, [{"x": 1}], "json", '[\n  {\n    "x": 1\n  }\n]'),
        ({"type": "string", "x-widget": "color-picker"}, "#ff8800", "colour", "#ff8800"),
        ({"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}, "#FF8800", "colour", "#FF8800"),
        (
            {"type": "array", "minItems": 3, "maxItems": 3, "items": {"type": "integer", "minimum": 0, "maximum": 255}},
            [255, 136, 0],
            "colour",
            "#ff8800",
        ),
        ({"type": "array", "x-widget": "color-picker", "items": {"type": "integer"}}, [1, 2, 3], "colour", "#010203"),
        ({"type": "string", "format": "time"}, "07:30", "time", "07:30"),
        ({"type": "string", "format": "date"}, "2026-06-02", "date", "2026-06-02"),
        ({"type": "string", "format": "uri"}, "https://example.com", "url", "https://example.com"),
        ({"type": "string", "x-widget": "never-heard-of"}, "x", "text", "x"),
        ({"type": ["boolean", "object"]}, {"b": 1}, "json", '{\n  "b": 1\n}'),
        ({"type": "object"}, {"b": [1]}, "json", '{\n  "b": [\n    1\n  ]\n}'),
        ({}, None, "json", ""),
    ],
)
def test_each_kind_of_input_shows_its_value_and_gives_it_back(schema: dict[str, Any], value: Any, kind: str, text: Any) -> None:
    field = field_for(schema, a=value)
    assert (field.kind, field.value) == (kind, text)
    assert back_and_forth(schema, value) == value


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "enum": ["a"]}, "z"),
        ({"type": "string", "x-widget": "color-picker"}, "red"),
        ({"type": "array", "x-widget": "color-picker", "items": {"type": "integer"}}, [1, 2]),
        ({"type": "array", "items": {"type": "string"}}, ["", " x ", "a\nb"]),
        ({"type": "array", "items": {"enum": ["a"]}}, ["z"]),
        ({"type": "integer"}, "seven"),
        ({"type": "string", "format": "time"}, "noon"),
        ({"type": "object", "properties": {"b": {"type": "integer"}}}, [1]),
    ],
)
def test_a_value_that_does_not_fit_its_input_is_not_lost(schema: dict[str, Any], value: Any) -> None:
    assert back_and_forth(schema, value) == value


def test_a_field_says_everything_about_itself() -> None:
    schema = {
        "type": "string",
        "title": "The text",
        "description": "What it says",
        "default": "Hello",
        "minLength": 1,
        "maxLength": 9,
        "pattern": "^H",
        "x-placeholder": "Hi",
    }
    whole = {"properties": {"a": schema}, "required": ["a"]}
    field = build_form(whole, {}, problems=[Problem("/a", "No.")])[0]
    assert (field.label, field.help, field.placeholder, field.pattern) == ("The text", "What it says", "Hi", "^H")
    assert (field.value, field.default, field.min_length, field.max_length, field.required) == ("Hello", "Hello", 1, 9, True)
    assert field.error == "No."


def test_limits_of_numbers() -> None:
    field = field_for({"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.1})
    assert (field.minimum, field.maximum, field.step) == (0, 1, 0.1)


def test_choices_have_the_labels_of_their_author() -> None:
    schema = {"type": "string", "enum": ["a", "b_c"], "x-options": {"labels": {"a": "Alpha"}}}
    assert field_for(schema, a="a").choices == (Choice("a", "Alpha"), Choice("b_c", "b c"))
    assert field_for({"type": "integer", "enum": [1, 2], "enumNames": ["One"]}, a=1).choices == (Choice("1", "One"), Choice("2", "2"))


def test_a_choice_that_was_not_made_can_stay_so() -> None:
    schema = {"properties": {"a": {"type": "string", "enum": ["x"]}}}
    assert build_form(schema, {})[0].choices == (Choice("", "not set"), Choice("x", "x"))
    assert parse_form(schema, {"/a": [""]}, {}).values == {}


def test_order_hidden_and_enabled() -> None:
    schema = {
        "properties": {"enabled": {"type": "boolean"}, "z": {}, "a": {"type": "string"}, "h": {"x-display": "hidden"}},
        "x-propertyOrder": ["a", "nothing", 7, "enabled"],
    }
    assert [field.pointer for field in build_form(schema, {})] == ["/a", "/z", "/display_duration"]


def test_a_plugin_without_a_schema_has_its_duration() -> None:
    assert [(field.pointer, field.kind, field.value) for field in build_form({}, {})] == [("/display_duration", "number", "15")]


def test_groups_hold_their_fields_and_keys_with_dots_and_slashes_survive() -> None:
    schema = {"properties": {"eng.1": {"properties": {"on/off~": {"type": "boolean", "default": False}}, "x-collapsed": True}}}
    group = build_form(schema, {})[0]
    assert (group.kind, group.is_collapsed, group.children[0].pointer, group.children[0].depth) == ("group", True, "/eng.1/on~1off~0", 1)
    assert parse_form(schema, {"/eng.1/on~1off~0": ["true"]}, {}).values == {"eng.1": {"on/off~": True}}


def test_a_secret_is_never_shown_and_stays_unless_typed_or_removed() -> None:
    schema = {"properties": {"api_key": {"type": "string", "default": "none"}}}
    field = build_form(schema, {"api_key": "********"}, set_secrets=["/api_key"])[0]
    assert (field.kind, field.value, field.default, field.is_secret, field.is_set) == ("secret", "", "", True, True)
    stored = {"api_key": "********"}
    assert parse_form(schema, {"/api_key": [""]}, stored).values["api_key"] == "********"
    assert parse_form(schema, {"/api_key": ["new"]}, stored).values["api_key"] == "new"
    assert parse_form(schema, {"/api_key": [""], field.remove_name: ["on"]}, stored).values["api_key"] is None


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, " 7 ", 7),
        ({"type": "integer"}, "7.0", 7),
        ({"type": "number"}, "2,5", 2.5),
        ({"type": "array", "items": {"type": "string"}}, " a \r\n\r\n b", ["a", "b"]),
        ({"type": "array", "items": {"type": "integer"}}, "1\n2", [1, 2]),
        ({"type": "object"}, '{"x": [true]}', {"x": [True]}),
        ({"type": "string"}, "", ""),
    ],
)
def test_typed_texts_become_values(schema: dict[str, Any], text: str, value: Any) -> None:
    whole = {"properties": {"a": {"default": {"string": "x"}.get(schema["type"]), **schema}}}
    assert parse_form(whole, {"/a": [text]}, {}).values["a"] == value


@pytest.mark.parametrize(
    ("schema", "text", "message"),
    [
        ({"type": "integer"}, "7.5", "This must be a whole number."),
        ({"type": "integer"}, "seven", "This must be a whole number."),
        ({"type": "number"}, "nan", "This must be a number."),
        ({"type": "number"}, "1e999", "This must be a number."),
        ({"type": "array", "items": {"type": "integer"}}, "1\nx", "This must be a whole number."),
        ({"type": "object"}, "{", "This must be JSON."),
        ({"type": "object"}, '{"a": NaN}', "This must be JSON."),
        ({"type": "string", "enum": ["a"]}, "z", "This is not one of the choices."),
        ({"type": "array", "x-widget": "color-picker", "items": {"type": "integer"}}, "red", "This must be a colour like #ff8800."),
    ],
)
def test_what_cannot_be_read_is_named(schema: dict[str, Any], text: str, message: str) -> None:
    parsed = parse_form({"properties": {"a": schema}}, {"/a": [text]}, {})
    assert [(problem.path, problem.message) for problem in parsed.problems] == [("/a", message)]
    assert "a" not in parsed.values


@pytest.mark.parametrize(
    "schema",
    [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}, {"type": ["array", "null"], "items": {"type": "integer"}}],
)
def test_a_colour_that_nobody_chose_is_typed_and_stays_open(schema: dict[str, Any]) -> None:
    whole = {"properties": {"a": {**schema, "x-widget": "color-picker", "default": None}}}
    field = build_form(whole, {})[0]
    assert (field.kind, field.value, field.placeholder) == ("text", "", "#rrggbb")
    assert parse_form(whole, {"/a": [""]}, {}).values == {}
    expected = "#010203" if schema["type"] == "string" else [1, 2, 3]
    assert parse_form(whole, {"/a": ["#010203"]}, {}).values == {"a": expected}


def test_an_emptied_number_goes_back_to_its_default() -> None:
    schema = {"properties": {"a": {"type": "integer", "default": 3}}}
    assert parse_form(schema, {"/a": [""]}, {"a": 9}).values == {}


def test_what_has_no_field_keeps_its_value() -> None:
    schema = {"properties": {"a": {"type": "string"}, "h": {"type": "string", "x-display": "hidden"}}}
    assert parse_form(schema, {"/a": ["x"], "/evil": ["y"]}, {"h": "kept", "beyond": 1}).values == {"h": "kept", "beyond": 1, "a": "x"}


def test_an_error_inside_a_list_is_shown_at_the_list() -> None:
    schema = {"properties": {"a": {"type": "array", "items": {"type": "integer"}}}}
    assert build_form(schema, {}, problems=[{"path": "/a/2", "message": "No."}])[0].error == "No."


def test_every_real_schema_builds_a_form_and_gives_its_defaults_back(plugin_schemas: list[Path]) -> None:
    for path in plugin_schemas:
        schema = json.loads(path.read_bytes())
        defaults = defaults_of(schema)
        for stored in ({}, defaults):
            parsed = parse_form(schema, as_browser(build_form(schema, stored)), stored)
            assert parsed.problems == []
            assert changed_pointers(defaults, merge(defaults, parsed.values)) == [], path
