"""The defaults of the base class, as a plugin meets them."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from display_app.runtime.base_plugin import BasePlugin, VegasDisplayMode


class Plugin(BasePlugin):
    def update(self) -> None: ...

    def display(self, force_clear: bool = False) -> None: ...


def make(config: dict[str, Any] | None = None, **attributes: Any) -> Plugin:
    plugin = Plugin(
        plugin_id="sample",
        config=config if config is not None else {},
        display_manager=SimpleNamespace(matrix=SimpleNamespace(width=64, height=32)),
        cache_manager=None,
        plugin_manager=None,
    )
    for name, value in attributes.items():
        setattr(plugin, name, value)
    return plugin


def test_it_keeps_the_very_config_object() -> None:
    config = {"enabled": False}
    plugin = make(config)
    assert plugin.config is config
    assert plugin.enabled is False


def test_update_and_display_must_be_written() -> None:
    with pytest.raises(TypeError, match="abstract"):
        BasePlugin("sample", {}, None, None, None)  # type: ignore[abstract]


def test_log_records_carry_the_plugin_id(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        make().logger.info("hello %s", "there", extra={"other": 1})
    record = caplog.records[-1]
    assert (record.name, record.getMessage(), record.plugin_id, record.other) == ("plugin.sample", "hello there", "sample", 1)


@pytest.mark.parametrize(
    ("attribute", "setting", "expected"),
    [
        (20, 30, 20.0),
        ("12.5", 30, 12.5),
        (True, 30, 30.0),
        (0, 30, 30.0),
        (-1, "40", 40.0),
        (None, None, 15.0),
        ("soon", [1], 15.0),
        (None, False, 15.0),
        ("inf", "nan", 15.0),
    ],
)
def test_display_duration(attribute: object, setting: object, expected: float) -> None:
    assert make({"display_duration": setting}, display_duration=attribute).get_display_duration() == expected


def test_display_duration_without_attribute_and_setting() -> None:
    assert make().get_display_duration() == 15.0


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, True),
        ({"enabled": True, "display_duration": 3}, True),
        ({"enabled": "yes"}, False),
        ({"display_duration": 0}, False),
        ({"display_duration": True}, False),
        ({"display_duration": "15"}, False),
    ],
)
def test_validate_config(config: dict[str, Any], expected: bool) -> None:
    assert make(config).validate_config() is expected


def test_a_changed_config_is_taken_over_and_keeps_enabled_when_it_is_silent_about_it() -> None:
    plugin = make({"enabled": True})
    plugin.on_config_change({"a": 1})
    assert (plugin.config, plugin.enabled) == ({"a": 1}, True)
    plugin.on_config_change({"enabled": False})
    assert plugin.enabled is False
    plugin.on_config_change(None)
    assert plugin.config == {}


def test_global_config_comes_from_the_first_manager_that_has_one() -> None:
    class Manager:
        def __init__(self, config: Any) -> None:
            self.config_manager = SimpleNamespace(get_config=lambda: config)

    plugin = make()
    assert plugin.global_config == {}
    plugin.plugin_manager, plugin.cache_manager = Manager({}), Manager({"timezone": "UTC"})
    assert plugin.global_config == {"timezone": "UTC"}
    plugin.plugin_manager = Manager({"timezone": "Europe/Oslo"})
    assert plugin.global_config == {"timezone": "Europe/Oslo"}


def test_global_config_can_be_assigned() -> None:
    plugin = make()
    plugin.global_config = {}
    plugin.plugin_manager = SimpleNamespace(config_manager=SimpleNamespace(get_config=lambda: {"timezone": "UTC"}))
    assert plugin.global_config == {}


def test_info_has_four_facts() -> None:
    assert make({"a": 1}).get_info() == {"id": "sample", "enabled": True, "config": {"a": 1}, "api_version": "1.0.0"}


@pytest.mark.parametrize("block", [None, [], "yes", {}])
def test_dynamic_duration_is_off_without_a_block(block: object) -> None:
    plugin = make({"dynamic_duration": block})
    assert plugin.supports_dynamic_duration() is False
    assert plugin.get_dynamic_duration_cap() is None


def test_dynamic_duration_block() -> None:
    plugin = make({"dynamic_duration": {"enabled": True, "max_duration_seconds": "90"}})
    assert plugin.supports_dynamic_duration() is True
    assert plugin.get_dynamic_duration_cap() == 90.0


def test_live_modes_are_the_manifests_modes_else_the_id() -> None:
    plugin = make()
    assert plugin.get_live_modes() == ["sample"]
    plugin.plugin_manager = SimpleNamespace(plugin_manifests={"sample": {"display_modes": ["a_live", "b"]}})
    assert plugin.get_live_modes() == ["a_live", "b"]


@pytest.mark.parametrize(
    ("kind", "wish", "mode", "supported"),
    [
        ("multi", None, "scroll", ["scroll", "fixed"]),
        ("static", None, "fixed", ["fixed", "static"]),
        ("none", "static", "static", []),
        ("multi", "sideways", "scroll", ["scroll", "fixed"]),
    ],
)
def test_vegas_modes(kind: str, wish: str | None, mode: str, supported: list[str]) -> None:
    plugin = make({"vegas_mode": wish}, get_vegas_content_type=lambda: kind)
    assert plugin.get_vegas_display_mode() is VegasDisplayMode(mode)
    assert [way.value for way in plugin.get_supported_vegas_modes()] == supported


def test_vegas_render_width_is_the_hosts_word_else_the_panels_width() -> None:
    plugin = make()
    assert plugin.get_vegas_render_width() == 64
    plugin._vegas_render_width = 40
    assert plugin.get_vegas_render_width() == 40
    plugin._vegas_render_width, plugin.display_manager = None, None
    assert plugin.get_vegas_render_width() == 128


@pytest.mark.parametrize(("setting", "expected"), [(2, 2), ("3", 3), (0, None), (True, None), (None, None)])
def test_vegas_segment_width(setting: object, expected: int | None) -> None:
    assert make({"vegas_panel_count": setting}).get_vegas_segment_width() == expected


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("cleanup", None),
        ("reset_cycle_state", None),
        ("is_cycle_complete", True),
        ("has_live_content", False),
        ("has_live_priority", False),
        ("get_vegas_content", None),
        ("get_vegas_content_type", "static"),
        ("get_vegas_priority_weight", None),
        ("_get_dynamic_duration_config", {}),
    ],
)
def test_what_nobody_overrides(method: str, expected: object) -> None:
    assert getattr(make(), method)() == expected


def test_live_priority_is_a_setting() -> None:
    assert make({"live_priority": True}).has_live_priority() is True


def test_it_is_told_when_it_is_switched() -> None:
    plugin = make({"enabled": False})
    plugin.on_enable()
    assert plugin.enabled is True
    plugin.on_disable()
    assert plugin.enabled is False


def test_a_manager_that_fails_leads_nowhere() -> None:
    class Broken:
        @property
        def config_manager(self) -> object:
            raise KeyError("display")

    assert make(plugin_manager=Broken(), cache_manager=SimpleNamespace(config_manager=None)).global_config == {}


def test_its_interface_has_a_version_and_the_panel_stays_untouched() -> None:
    panel = SimpleNamespace()
    Plugin("sample", {}, panel, None, None)
    assert (Plugin.API_VERSION, vars(panel)) == ("1.0.0", {})
