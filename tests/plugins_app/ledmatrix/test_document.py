"""LEDMatrix's documents are sorted, whatever they hold, and no secret gets into what is shown."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plugins_app.config.pointers import value_at
from plugins_app.ledmatrix.document import is_placeholder, lay_over, leaves, merged, nested, read_section, sort_document

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=25
)
names = st.text(max_size=12) | st.sampled_from(["display", "alpha", "../x", "location", "a.b", "Alpha", "github", "schedule"])
documents = st.dictionaries(names, anything, max_size=6)


def test_words_and_plugins_are_told_apart() -> None:
    document = sort_document(
        {"timezone": "UTC", "display": {}, "clock-simple": {"enabled": True, "x": 1}, "weather": {"units": "metric"}},
        {"weather": {"api_key": "hush"}, "github": {"api_token": "ghp_1"}, "news": {"token": "t"}},
    )
    assert document.words == {"timezone": "UTC", "display": {}}
    assert [(each.key, each.enabled, each.values, sorted(each.secrets)) for each in document.sections] == [
        ("clock-simple", True, {"x": 1}, []),
        ("weather", False, {"units": "metric", "api_key": "hush"}, ["/api_key"]),
        ("news", False, {"token": "t"}, ["/token"]),
    ]
    assert (document.github_token, document.refused) == ("ghp_1", ())


def test_what_is_no_plugin_is_refused_with_its_reason() -> None:
    document = sort_document({"../etc": {"enabled": True, "password": "hush"}, "version": 3, "api_token": "hush", "web_interface": {}}, {})
    assert document.sections == ()
    assert [(each.path, each.value) for each in document.refused] == [
        ("/..~1etc", {"enabled": True}),
        ("/version", 3),
        ("/api_token", None),
    ]
    assert all(each.reason for each in document.refused)


def test_a_switch_that_is_none_counts_as_off_and_is_named() -> None:
    section = read_section("alpha", {"enabled": "yes"}, {})
    assert (section.enabled, [each.path for each in section.refused]) == (False, ["/enabled"])


def test_secrets_of_items_lie_beside_them() -> None:
    values: dict[str, Any] = {"accounts": [{"name": "a"}, {"name": "b"}], "keys": ["old"]}
    found: set[str] = set()
    lay_over(values, {"accounts": [{}, {"token": "t"}, {"token": "of nobody"}], "keys": ["k1", "k2"]}, found=found)
    assert values == {"accounts": [{"name": "a"}, {"name": "b", "token": "t"}], "keys": ["k1", "k2"]}
    assert found == {"/accounts/1/token", "/keys/0", "/keys/1"}


def test_of_two_sections_of_a_plugin_the_first_counts_more() -> None:
    both = merged(read_section("new", {"a": 1, "b": {"c": 2}}, {}), read_section("old", {"enabled": True, "a": 9, "b": {"d": 3}}, {}))
    assert (both.key, both.enabled, both.values) == ("new", True, {"a": 1, "b": {"c": 2, "d": 3}})


def test_what_a_template_has_in_the_place_of_a_secret() -> None:
    assert all(map(is_placeholder, ["YOUR_OPENWEATHERMAP_API_KEY", "YOUR_SPOTIFY_CLIENT_ID_HERE", "your-key-here", "", "  "]))
    assert not any(map(is_placeholder, ["YOURS", "0123456789abcdef", "my key", None, 5]))


@given(documents, documents)
def test_whatever_they_hold_documents_are_sorted(config: dict[str, Any], secrets: dict[str, Any]) -> None:
    before = deepcopy((config, secrets))
    document = sort_document(config, secrets)
    assert (config, secrets) == before
    for section in document.sections:
        assert all(isinstance(value_at(section.values, place), str) for place in section.secrets)
    named = {*document.words, *(section.key for section in document.sections)}
    assert len(document.refused) >= len({*config, *secrets} - named - {"display", "location", "github", "schedule"})


@given(st.dictionaries(names, anything, max_size=4))
def test_secrets_are_in_nothing_that_is_shown(values: dict[str, Any]) -> None:
    mark = "hush-7f3a"
    document = sort_document(
        {"../a": {**values, "api_key": mark}, "token": mark, "b": mark}, {"../a": {"x": mark}, "c": mark, "/": {"d": mark}}
    )
    shown = json.dumps([[each.path, each.value] for each in document.refused if each.path != "/b"])
    assert mark not in shown


@given(st.dictionaries(st.text(max_size=8), anything, max_size=5))
def test_leaves_make_the_whole_again_without_what_says_nothing(values: dict[str, Any]) -> None:
    found = leaves(values)
    again = nested(found)
    assert leaves(again) == found
    assert all(value_at(values, pointer) == value for pointer, value in found.items())
    assert all(value is not None and not isinstance(value, dict) for value in found.values())
