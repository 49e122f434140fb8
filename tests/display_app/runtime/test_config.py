"""The settings as one plugin sees them."""

from __future__ import annotations

from typing import Any

import pytest

from display_app.runtime.config import ConfigManager


def make(global_config: dict[str, Any] | None = None, **details: Any) -> ConfigManager:
    return ConfigManager(global_config or {}, plugin_id="news", section={"enabled": True}, width=128, height=32, **details)


def test_the_whole_is_the_global_settings_and_the_own_section() -> None:
    manager = make({"timezone": "Europe/Oslo", "location": {"city": "Oslo"}})
    config = manager.get_config()
    assert config is manager.load_config() is manager.config
    assert config["news"] == {"enabled": True}
    assert config["location"] == {"city": "Oslo"}
    assert manager.get_timezone() == "Europe/Oslo"


def test_without_settings_there_are_a_time_zone_and_a_panel() -> None:
    manager = make()
    assert manager.get_timezone() == "UTC"
    assert manager.get_display_config() == {
        "display_durations": {},
        "hardware": {"rows": 32, "cols": 128, "chain_length": 1, "parallel": 1, "brightness": 90},
    }


def test_hardware_that_fits_the_panel_is_kept() -> None:
    hardware = {"rows": 32, "cols": 64, "chain_length": 2, "parallel": 1, "brightness": 40}
    manager = make({"display": {"hardware": hardware, "use_short_date_format": True}})
    assert manager.get_display_config() == {"hardware": hardware, "use_short_date_format": True, "display_durations": {}}


def test_hardware_of_another_size_is_put_right() -> None:
    manager = make({"display": {"hardware": {"rows": 64, "cols": 64, "chain_length": 4, "parallel": 1, "brightness": 40}}})
    hardware = manager.get_display_config()["hardware"]
    assert (hardware["cols"] * hardware["chain_length"], hardware["rows"] * hardware["parallel"]) == (128, 32)
    assert hardware["brightness"] == 40


def test_a_plugin_saves_its_own_section_and_nothing_else() -> None:
    saved: list[dict[str, Any]] = []
    manager = make({"timezone": "UTC"}, on_save=saved.append)
    manager.save_config({"timezone": "Mars", "news": {"feeds": [1]}, "other": {"a": 1}})
    assert saved == [{"feeds": [1]}]
    assert manager.get_config()["news"] == {"feeds": [1]}
    assert manager.get_timezone() == "UTC"
    assert "other" not in manager.get_config()


@pytest.mark.parametrize("config", [None, [], {}, {"news": "text"}])
def test_settings_without_the_own_section_cannot_be_saved(config: Any) -> None:
    with pytest.raises(TypeError, match="news"):
        make().save_config(config)


def test_secrets_of_others_are_not_there() -> None:
    manager = make()
    assert manager.get_secret("github") is None
    assert manager.get_secret("display") is None
