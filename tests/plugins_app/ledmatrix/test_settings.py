"""The settings of one plugin: taken as far as its schema takes them, the rest named; secrets encrypted and never told."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from plugins_app.config import store
from plugins_app.config.validation import validate
from plugins_app.ledmatrix import record
from plugins_app.ledmatrix.choice import BEFORE, SINCE
from plugins_app.ledmatrix.document import leaves, read_section
from plugins_app.ledmatrix.settings import Settling, look_at, take_over
from plugins_app.models import AuditEntry, Plugin, PluginConfig, PluginSecret, Source
from tests.plugins_app.ledmatrix.test_document import anything

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["city"],
    "properties": {
        "city": {"type": "string"},
        "speed": {"type": "integer", "default": 5, "minimum": 1, "maximum": 10},
        "units": {"type": "string", "enum": ["metric", "imperial"], "default": "imperial"},
        "nested": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"a": {"type": "integer", "default": 1}, "b": {"type": "string"}},
        },
        "api_key": {"type": "string", "maxLength": 20},
        "channel": {"type": "string"},
        "accounts": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}, "token": {"type": "string"}}}},
    },
}


def draft() -> Plugin:
    return Plugin(plugin_id="sign", name="Sign", version="1", source=Source.LOCAL, schema=SCHEMA, active_generation="g1")


@pytest.fixture
def plugin(settings: Any, tmp_path: Path, db: None) -> Plugin:
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, data_dir=tmp_path)
    made = draft()
    made.save()
    return made


def bring(plugin: Plugin, values: dict[str, Any], secrets: dict[str, Any] | None = None, *, overwrite: bool = False) -> Settling:
    section = read_section(plugin.plugin_id, values, secrets or {})
    settling = look_at(plugin, section, marks=record.marks_of(record.subject_of(plugin.plugin_id)), overwrite=overwrite)
    take_over(plugin, settling, requested_by="ada")
    return settling


def test_what_the_schema_refuses_is_named_with_value_and_reason_and_the_rest_is_saved(plugin: Plugin) -> None:
    settling = bring(plugin, {"city": "Hamburg", "speed": 99, "units": "kelvin", "nested": {"a": 2, "b": 7, "c": 1}, "extra": [1, 2]})
    assert PluginConfig.objects.get().values == {"city": "Hamburg", "nested": {"a": 2}}
    refused = {each.path: each.value for each in settling.refused}
    assert refused == {"/speed": 99, "/units": "kelvin", "/nested/b": 7, "/nested/c": 1, "/extra": [1, 2]}
    assert all(each.reason for each in settling.refused)


def test_secrets_are_counted_sealed_and_found_by_name_and_by_their_file(plugin: Plugin) -> None:
    accounts = [{"name": "a"}, {"name": "b"}]
    settling = bring(plugin, {"accounts": accounts, "city": "x"}, {"api_key": "k1", "channel": "c1", "accounts": [{}, {"token": "t1"}]})
    assert settling.secrets == 3
    assert sorted(PluginSecret.objects.values_list("path", flat=True)) == ["/accounts/1/token", "/api_key", "/channel"]
    effective = store.effective_settings(plugin)
    assert (effective["api_key"], effective["channel"], effective["accounts"][1]["token"]) == ("k1", "c1", "t1")
    assert not [text for text in ("k1", "c1", "t1") if text in str(PluginConfig.objects.get().values) or text in str(settling)]


def test_a_refused_secret_is_not_told(plugin: Plugin) -> None:
    settling = bring(plugin, {}, {"api_key": "much-too-long-for-this-schema", "extra": "hush"})
    assert [(each.path, each.value) for each in settling.refused] == [("/api_key", None), ("/extra", None)]


def test_placeholders_and_nulls_say_nothing(plugin: Plugin) -> None:
    settling = bring(plugin, {"speed": None, "city": ""}, {"api_key": "YOUR_API_KEY", "channel": "  "})
    assert (settling.secrets, settling.refused, PluginSecret.objects.count()) == (0, (), 0)
    assert PluginConfig.objects.get().values == {"city": ""}


def test_a_second_time_nothing_is_written(plugin: Plugin) -> None:
    values, secrets = {"city": "Hamburg", "speed": 99, "accounts": [{"name": "a"}]}, {"api_key": "k1", "accounts": [{"token": "t"}]}
    bring(plugin, values, secrets)
    before = (store.snapshot(plugin), AuditEntry.objects.count(), PluginConfig.objects.get().revision)
    settling = bring(plugin, values, secrets)
    assert (settling.choice.take, sorted(settling.choice.same)) == ({}, ["/accounts", "/api_key", "/city"])
    assert (store.snapshot(plugin), AuditEntry.objects.count(), PluginConfig.objects.get().revision) == before


def test_what_was_changed_here_stays_unless_told_otherwise(plugin: Plugin) -> None:
    store.save_settings("sign", {"units": "metric"}, partial=True, requested_by="bob")
    theirs, secrets = {"city": "Hamburg", "units": "imperial", "speed": 7}, {"api_key": "k1"}
    assert bring(plugin, theirs, secrets).choice.kept == {"/units": BEFORE}
    store.save_settings("sign", {"city": "Kiel", "api_key": "mine", "speed": None}, partial=True, requested_by="bob")
    assert bring(plugin, theirs | {"speed": 8}, secrets).choice.kept == {
        "/city": SINCE,
        "/units": BEFORE,
        "/speed": SINCE,
        "/api_key": SINCE,
    }
    assert store.effective_settings(plugin)["api_key"] == "mine"
    assert bring(plugin, theirs, secrets, overwrite=True).choice.kept == {}
    effective = store.effective_settings(plugin)
    assert [effective[name] for name in ("city", "units", "speed", "api_key")] == ["Hamburg", "imperial", 7, "k1"]


def test_what_changes_there_comes_over_where_nobody_touched_it_here(plugin: Plugin) -> None:
    bring(plugin, {"city": "Hamburg", "speed": 5}, {"api_key": "k1"})
    bring(plugin, {"city": "Kiel", "speed": 6}, {"api_key": "k2"})
    effective = store.effective_settings(plugin)
    assert (effective["city"], effective["speed"], effective["api_key"]) == ("Kiel", 6, "k2")


def test_what_it_would_be_is_known_before_the_plugin_has_a_row(plugin: Plugin) -> None:
    plugin.delete()
    settling = look_at(draft(), read_section("sign", {"speed": 99, "city": "x"}, {"api_key": "k"}), marks={}, overwrite=False)
    assert (list(settling.choice.take), [each.path for each in settling.refused]) == (["/city", "/api_key"], ["/speed"])
    assert not PluginSecret.objects.exists()


class Whatever(TestCase):
    """Settings as hostile as they come."""

    @hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "other", "a/b~c"]), anything, max_size=6))
    def test_every_value_is_taken_or_refused_and_what_is_saved_fits(self, values: dict[str, Any]) -> None:
        plugin = draft()
        plugin.save()
        settling = bring(plugin, values)
        refused = {each.path for each in settling.refused}
        told = {*settling.choice.take, *settling.choice.same, *settling.choice.kept}
        every = {pointer for pointer in leaves(values) if not pointer.startswith("/api_key")}
        assert not told & refused
        assert every <= told | refused
        assert {problem.keyword for problem in validate(SCHEMA, store.effective_settings(plugin))} <= {"required"}
        assert bring(plugin, values).choice.take == {}
