"""The device's place is the default of plugins that ask for one, until a person says otherwise in the plugin's own settings."""

from __future__ import annotations

from typing import Any

import pytest

from plugins_app.config import location, store
from plugins_app.models import AuditEntry, Plugin, PluginConfig, Source

pytestmark = pytest.mark.django_db

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["location_city"],
    "properties": {
        "location_city": {"type": "string", "default": "Springfield"},
        "location_country": {"type": "string", "default": "US"},
        "units": {"type": "string", "default": "metric"},
    },
}
HOME = {"city": "Graz", "state": "", "country": ""}


@pytest.fixture
def weather() -> Plugin:
    return Plugin.objects.create(plugin_id="weather", name="Weather", version="1.0.0", source=Source.LOCAL, schema=SCHEMA)


def places(plugin: Plugin) -> tuple[Any, Any]:
    settings = store.effective_settings(plugin)
    return settings["location_city"], settings["location_country"]


def test_what_nobody_said_leaves_the_authors_default(weather: Plugin) -> None:
    assert location.device_location() == {"city": "", "state": "", "country": ""}
    assert places(weather) == ("Springfield", "US")


def test_a_named_part_takes_the_place_of_a_default_and_moves_with_the_device(weather: Plugin) -> None:
    assert location.change_location(HOME, requested_by="ann")
    assert places(weather) == ("Graz", "US")
    store.save_settings("weather", store.masked_settings(weather) | {"units": "imperial"}, partial=False, requested_by="ann")
    assert location.change_location({"city": "Linz"}, requested_by="ann")
    assert places(weather) == ("Linz", "US")


def test_a_persons_own_value_stays(weather: Plugin) -> None:
    store.save_settings("weather", {"location_city": "Oslo"}, partial=True, requested_by="ann")
    location.change_location(HOME, requested_by="ann")
    assert places(weather) == ("Oslo", "US")
    store.save_settings("weather", {"location_city": "Graz"}, partial=True, requested_by="ann")
    location.change_location({"city": "Linz"}, requested_by="ann")
    assert places(weather) == ("Graz", "US")


def test_only_plugins_that_ask_for_a_place_are_told(weather: Plugin) -> None:
    other = Plugin.objects.create(plugin_id="sign", name="Sign", version="1.0.0", source=Source.LOCAL, schema={"type": "object"})
    for plugin in (weather, other):
        PluginConfig.objects.create(plugin=plugin, revision=1)
    location.change_location(HOME, requested_by="ann")
    assert (store.settings_revision(weather), store.settings_revision(other)) == (2, 1)
    assert not location.change_location(HOME, requested_by="ann")
    assert store.settings_revision(weather) == 2
    assert AuditEntry.objects.filter(what="location").count() == 1


@pytest.mark.parametrize("value", [None, [], "Graz", {}, {"town": "Graz"}, {"city": 8}, {"city": "x" * 101}, {"city": "two\nlines"}])
def test_what_is_no_place_is_named(value: object) -> None:
    assert location.problem_of(value)


def test_a_schema_that_asks_for_no_place_is_given_back_as_it_is() -> None:
    for schema in ({}, {"properties": None}, {"properties": {"location_city": True}}, {"properties": {"city": {}}}):
        assert location.with_location(schema, HOME) is schema
        assert location.located(schema) is schema
