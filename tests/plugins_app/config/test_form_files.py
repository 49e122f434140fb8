"""Fields of uploaded pictures: which schemas have them, what a form makes of order and removal, and that nothing foreign gets in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins_app.config import form
from plugins_app.config.form_files import WantedFiles, arranged, new_entry, wanted_files, wants_files_in_lists, wants_files_somewhere

ALBUM = Path(__file__).resolve().parents[2] / "plugins" / "album"
SCHEMA: dict[str, Any] = json.loads((ALBUM / "config_schema.json").read_text())
OBJECTS = WantedFiles("objects", 3)


def entry(path: str, **more: Any) -> dict[str, Any]:
    return {"id": path, "path": path, **more}


@pytest.mark.parametrize(
    ("schema", "shape", "most"),
    [
        (SCHEMA["properties"]["images"], "objects", 3),
        (SCHEMA["properties"]["cover"], "text", 1),
        ({"type": "array", "items": {"type": "string"}, "x-widget": "file-upload"}, "texts", 50),
        ({"type": "object", "properties": {"path": {"type": "string"}}, "x-widget": "file-upload"}, "object", 1),
        ({"type": "array", "items": {"type": "string"}, "x-widget": "file-upload", "x-upload-config": {"max_files": "many"}}, "texts", 50),
    ],
)
def test_what_schemas_of_public_plugins_want(schema: dict[str, Any], shape: str, most: int) -> None:
    wanted = wanted_files(schema)
    assert wanted is not None
    assert (wanted.shape, wanted.most) == (shape, most)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "string", "x-widget": "file-upload", "x-upload-config": {"allowed_types": ["application/json"]}},
        {"type": "array", "items": {"type": "object", "properties": {"name": {}}}, "x-widget": "file-upload"},
        {"type": "integer", "x-widget": "file-upload"},
        {"type": "array", "items": [], "x-widget": ["file-upload"]},
    ],
)
def test_what_is_no_field_of_pictures(schema: dict[str, Any]) -> None:
    assert wanted_files(schema) is None


def test_pictures_deep_in_a_list_are_noticed() -> None:
    pages = {"properties": {"pages": SCHEMA["properties"]["pages"]}}
    assert wants_files_somewhere(pages) and wants_files_in_lists(pages)
    assert not wants_files_in_lists({"properties": {"images": SCHEMA["properties"]["images"]}})
    assert not wants_files_somewhere({"properties": {"text": {"type": "string"}}})


def test_a_field_shows_each_picture_with_what_else_can_be_set_for_it() -> None:
    values = {"images": [entry("assets/plugins/album/uploads/a.png"), entry("assets/b.png", night={"only": True})]}
    field = form.file_fields(SCHEMA, values)[0]
    assert [(one.name, one.is_upload) for one in field.entries] == [("a.png", True), ("b.png", False)]
    [night] = field.entries[1].children
    assert (night.kind, [child.pointer for child in night.children], night.children[0].value) == ("group", ["/images/1/night/only"], "true")


def test_what_is_no_list_of_pictures_is_edited_as_json() -> None:
    field = next(one for one in form.build_form(SCHEMA, {"images": ["a.png"]}) if one.pointer == "/images")
    assert (field.kind, field.name) == ("json", "json:/images")


def test_a_form_orders_removes_and_sets_and_writes_the_order_down() -> None:
    stored = {"images": [entry("a", night={"only": False}), entry("b"), entry("c")]}
    posted = {
        "shown:/images": ["a", "b", "c"],
        "place:/images": ["3", "2", "1"],
        "drop:/images": ["b"],
        "/images/0/night/only": ["true"],
    }
    parsed = form.parse_form(SCHEMA, posted, stored)
    assert parsed.values["images"] == [entry("c", display_order=0), entry("a", night={"only": True}, display_order=1)]


def test_what_another_person_added_meanwhile_stays_and_what_was_never_there_does_not_come() -> None:
    stored = {"images": [entry("a"), entry("b")]}
    parsed = form.parse_form(SCHEMA, {"shown:/images": ["/etc/passwd", "b"], "place:/images": ["1", "2"]}, stored)
    assert [one["path"] for one in parsed.values["images"]] == ["b", "a"]


def test_a_form_that_shows_no_picture_changes_none() -> None:
    stored = {"images": [entry("a")], "cover": "b"}
    assert form.parse_form(SCHEMA, {"/display_duration": ["5"]}, stored).values["images"] == [entry("a")]


def test_the_one_picture_of_a_field_can_be_removed() -> None:
    parsed = form.parse_form(SCHEMA, {"shown:/cover": ["b"], "drop:/cover": ["b"]}, {"cover": "b"})
    assert "cover" not in parsed.values


def test_an_entry_has_what_the_schema_knows_of_it() -> None:
    facts = {"id": "1", "path": "p", "uploaded_at": "now"}
    schema = {"type": "array", "items": {"type": "object", "properties": {"path": {}}}}
    assert new_entry(OBJECTS, facts, schema) == {"path": "p"}
    assert new_entry(WantedFiles("text", 1), facts, {"type": "string"}) == "p"


@given(
    present=st.lists(st.sampled_from("abcdef"), max_size=6, unique=True),
    shown=st.lists(st.sampled_from("abcdefgh"), max_size=8),
    places=st.lists(st.one_of(st.integers(-2, 9).map(str), st.text(max_size=3)), max_size=8),
    dropped=st.sets(st.sampled_from("abcdefgh"), max_size=3),
)
def test_whatever_is_posted_no_picture_comes_from_nowhere_or_doubles(
    present: list[str], shown: list[str], places: list[str], dropped: set[str]
) -> None:
    result = [one["path"] for one in arranged(OBJECTS, [entry(path) for path in present], shown=shown, places=places, dropped=dropped)]
    assert sorted(result) == sorted(path for path in present if not (path in dropped and path in shown))
