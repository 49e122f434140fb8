"""The base class of every plugin, `BasePlugin`: the whole contract between a plugin and the panel, in one readable file.

A plugin is one subclass. It must write two methods, `update` (fetch data; may be slow) and `display` (draw; must be quick);
everything else has a default that is right for most. docs/plugin-api.md is the tutorial.

Words: a *mode* is one page of a plugin (a string), a *dwell* is the time one mode stays on the panel, in seconds. Sizes are in pixels,
colours are `(red, green, blue)` from 0 to 255, pictures are `PIL.Image.Image`.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import MutableMapping
from enum import Enum
from typing import Any

from display_app.runtime.fitted import Fitted

DEFAULT_DURATION = 15.0
FALLBACK_WIDTH = 128


class VegasDisplayMode(Enum):
    """How a plugin takes part in the continuous ticker: its pictures scroll through, in one fixed block, or the ticker stops for it."""

    SCROLL = "scroll"
    FIXED_SEGMENT = "fixed"
    STATIC = "static"


class PluginLogger(logging.LoggerAdapter[logging.Logger]):
    """A logger that stamps each record with the plugin's id (`record.plugin_id`)."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        """Add `plugin_id` to the record's extra fields and keep those of the caller."""
        kwargs["extra"] = {**(self.extra or {}), **(kwargs.get("extra") or {})}
        return msg, kwargs


class BasePlugin(Fitted, ABC):
    """One plugin: `update()` and `display()` are yours to write, all the rest may be overridden.

    Optional attributes that are read from an instance: `modes` (list of str, replaces the manifest's `display_modes`),
    `display_duration` (seconds), `enable_scrolling` (true: up to 125 frames a second instead of one), `needs_high_fps`
    (overrides `enable_scrolling` unless None), `scroll_helper` (a ScrollHelper whose strip the ticker may use).
    """

    API_VERSION = "1.0.0"

    def __init__(self, plugin_id: str, config: dict[str, Any], display_manager: Any, cache_manager: Any, plugin_manager: Any) -> None:
        """Keep what the host hands over; the panel is not touched.

        `config` is the plugin's settings with the schema's defaults filled in, the same object, not a copy.
        `display_manager` is the canvas, `cache_manager` keeps values over restarts, `plugin_manager` leads to fonts and global settings.
        """
        self.plugin_id = plugin_id
        self.config = config
        self.display_manager = display_manager
        self.cache_manager = cache_manager
        self.plugin_manager = plugin_manager
        self.logger = PluginLogger(logging.getLogger(f"plugin.{plugin_id}"), {"plugin_id": plugin_id})
        self.enabled = config.get("enabled", True)
        self._vegas_render_width: int | None = None

    # -- to be written by every plugin

    @abstractmethod
    def update(self) -> None:
        """Fetch or compute what `display` needs: called in a thread, on screen or not, every `update_interval` seconds of the manifest."""

    @abstractmethod
    def display(self, force_clear: bool = False) -> bool | None:
        """Draw onto `display_manager` and call its `update_display()`.

        A parameter named `display_mode` may be added and then receives the mode. `force_clear` is true on the first frame after
        the panel showed something else. Return False, exactly, when there is nothing to show: the panel moves on.
        """

    # -- settings and life

    def validate_config(self) -> bool:
        """Tell whether the settings make sense; False keeps the plugin off the panel as "needs configuration"."""
        if "enabled" in self.config and not isinstance(self.config["enabled"], bool):
            self.logger.error("'enabled' must be true or false")
            return False
        if "display_duration" in self.config and not _is_positive_number(self.config["display_duration"]):
            self.logger.error("'display_duration' must be a positive number of seconds")
            return False
        return True

    def on_config_change(self, new_config: dict[str, Any] | None) -> None:
        """Take over changed settings, defaults included. A plugin that does not override this is restarted instead."""
        self.config = new_config or {}
        self.enabled = self.config.get("enabled", self.enabled)

    def on_enable(self) -> None:
        """Called after a successful start, and when the plugin is switched on."""
        self.enabled = True

    def on_disable(self) -> None:
        """Called before the plugin is dropped, and when it is switched off."""
        self.enabled = False

    def cleanup(self) -> None:
        """Stop threads, close files and connections; called once, before `on_disable`, when the plugin ends."""
        self.logger.debug("Nothing to clean up")

    def get_info(self) -> dict[str, Any]:
        """Return facts for people who look for a fault; add your own keys to `super().get_info()`."""
        return {"id": self.plugin_id, "enabled": self.enabled, "config": self.config, "api_version": self.API_VERSION}

    @property
    def global_config(self) -> dict[str, Any]:
        """Settings that all plugins share (`timezone`, `location`, `display`); assigning replaces what this plugin sees."""
        override: dict[str, Any] | None = self.__dict__.get("_global_config")
        if override is not None:
            return override
        for manager in (self.plugin_manager, self.cache_manager):
            config = _config_of(manager)
            if config:
                return config
        return {}

    @global_config.setter
    def global_config(self, value: dict[str, Any]) -> None:
        self.__dict__["_global_config"] = value

    # -- how long a mode stays

    def get_display_duration(self) -> float:
        """Return the dwell in seconds: attribute `display_duration`, else the setting of that name, else 15. Never raises."""
        for candidate in (getattr(self, "display_duration", None), self.config.get("display_duration")):
            seconds = _as_positive_seconds(candidate)
            if seconds is not None:
                return seconds
        return DEFAULT_DURATION

    def supports_dynamic_duration(self) -> bool:
        """Tell whether the dwell may go on until `is_cycle_complete()` (setting `dynamic_duration.enabled`)."""
        return bool(self._get_dynamic_duration_config().get("enabled", False))

    def get_dynamic_duration_cap(self) -> float | None:
        """Return the longest dynamic dwell in seconds (setting `dynamic_duration.max_duration_seconds`), None for no wish."""
        return _as_positive_seconds(self._get_dynamic_duration_config().get("max_duration_seconds"))

    def is_cycle_complete(self) -> bool:
        """Tell, during a dynamic dwell, whether everything was shown once."""
        return True

    def reset_cycle_state(self) -> None:
        """Begin a new cycle: called when a mode with a dynamic dwell comes onto the panel."""

    def _get_dynamic_duration_config(self) -> dict[str, Any]:
        block = self.config.get("dynamic_duration")
        return block if isinstance(block, dict) else {}

    # -- live content goes first

    def has_live_priority(self) -> bool:
        """Tell whether live content of this plugin may interrupt the rotation (setting `live_priority`)."""
        return bool(self.config.get("live_priority", False))

    def has_live_content(self) -> bool:
        """Tell whether something is going on right now."""
        return False

    def get_live_modes(self) -> list[str]:
        """Return the modes to show while live: the manifest's `display_modes`, else the id."""
        manifests = getattr(self.plugin_manager, "plugin_manifests", None) or {}
        modes = manifests.get(self.plugin_id, {}).get("display_modes")
        return list(modes) if modes else [self.plugin_id]

    # -- the continuous ticker ("vegas")

    def get_vegas_content(self) -> Any:
        """Return a picture, a list of pictures (each panel height), or None to have `display` captured."""
        return None

    def get_vegas_content_type(self) -> str:
        """Return "multi" (many items), "static" (one block) or "none" (stay out of the ticker)."""
        return "static"

    def get_vegas_display_mode(self) -> VegasDisplayMode:
        """Return how to take part: the setting `vegas_mode` when valid, else by content type."""
        wish = self.config.get("vegas_mode")
        if wish:
            try:
                return VegasDisplayMode(wish)
            except ValueError:
                self.logger.warning("Unknown vegas_mode %r", wish)
        return VegasDisplayMode.SCROLL if self.get_vegas_content_type() == "multi" else VegasDisplayMode.FIXED_SEGMENT

    def get_supported_vegas_modes(self) -> list[VegasDisplayMode]:
        """Return the ways of taking part that a person may choose."""
        kind = self.get_vegas_content_type()
        if kind == "none":
            return []
        first = VegasDisplayMode.SCROLL if kind == "multi" else VegasDisplayMode.FIXED_SEGMENT
        second = VegasDisplayMode.FIXED_SEGMENT if kind == "multi" else VegasDisplayMode.STATIC
        return [first, second]

    def get_vegas_segment_width(self) -> int | None:
        """Return the width of a fixed block in panels (setting `vegas_panel_count`), None for no wish."""
        return _as_positive_int(self.config.get("vegas_panel_count"))

    def get_vegas_render_width(self) -> int:
        """Return the width in pixels to render ticker content for."""
        width = _as_positive_int(getattr(self, "_vegas_render_width", None))
        matrix = getattr(self.display_manager, "matrix", None)
        return width or _as_positive_int(getattr(matrix, "width", None)) or FALLBACK_WIDTH

    def get_vegas_priority_weight(self) -> int | None:
        """Return how many places per ticker round (1 to 10) this plugin asks for, None for the usual one."""
        return None


def _is_positive_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0


def _as_positive_seconds(value: object) -> float | None:
    """Return numbers and numeric strings above zero as float, everything else (booleans too) as None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if 0 < seconds < float("inf") else None


def _as_positive_int(value: object) -> int | None:
    seconds = _as_positive_seconds(value)
    return int(seconds) if seconds is not None and seconds >= 1 else None


def _config_of(manager: Any) -> dict[str, Any]:
    """Return the global settings that a manager leads to, {} when it leads nowhere: a half-built manager must not break a plugin."""
    try:
        config = manager.config_manager.get_config()
    except (AttributeError, TypeError, KeyError, OSError, ValueError):
        return {}
    return config if isinstance(config, dict) else {}
