"""The plugin manager knows one plugin."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from display_app.runtime.plugin_manager import PluginManager


def make(make_spec: Callable[..., Any]) -> PluginManager:
    spec = make_spec(manifest={"id": "sample", "display_modes": ["Now", "later"]})
    managers: list[Any] = [SimpleNamespace() for _ in range(4)]
    return PluginManager(spec, *managers)


def test_before_the_plugin_is_there(make_spec: Callable[..., Any]) -> None:
    manager = make(make_spec)
    assert manager.get_plugin("sample") is None
    assert manager.plugin_manifests == {"sample": {"id": "sample", "display_modes": ["Now", "later"]}}
    assert manager.get_plugin_info("sample") == {"id": "sample", "display_modes": ["Now", "later"], "loaded": False, "runtime_info": {}}


def test_when_it_is_there(make_spec: Callable[..., Any]) -> None:
    manager = make(make_spec)
    plugin = SimpleNamespace(enabled=True, get_info=lambda: {"a": 1})
    manager.plugins["sample"] = plugin
    assert manager.get_all_plugins() == {"sample": plugin}
    assert manager.get_enabled_plugins() == ["sample"]
    assert manager.get_plugin_info("sample") == {
        "id": "sample",
        "display_modes": ["Now", "later"],
        "loaded": True,
        "runtime_info": {"a": 1},
    }


def test_folders_and_modes(make_spec: Callable[..., Any]) -> None:
    manager = make(make_spec)
    assert manager.get_plugin_directory("sample") == f"{manager.plugins_dir}/sample"
    assert manager.get_plugin_display_modes("sample") == ["Now", "later"]
    assert (manager.find_plugin_for_mode("NOW"), manager.find_plugin_for_mode("never")) == ("sample", None)


def test_others_are_unknown(make_spec: Callable[..., Any]) -> None:
    manager = make(make_spec)
    assert manager.get_plugin_info("other") is None
    assert manager.get_plugin_directory("other") is None
    assert manager.get_plugin_display_modes("other") == ["other"]
