"""Errors that plugins may raise and catch: a message, a `context` of facts, and one fact by name per kind."""

from __future__ import annotations

from typing import Any


class LEDMatrixError(Exception):
    """The root of these errors; `context` are facts for the log."""

    def __init__(self, message: str, context: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.context = context or {}


class CacheError(LEDMatrixError):
    """The cache entry `cache_key` cannot be read or written."""

    def __init__(self, message: str, cache_key: str | None = None, context: dict[str, Any] | None = None) -> None:
        super().__init__(message, context)
        self.cache_key = cache_key


class ConfigError(LEDMatrixError):
    """The settings in `config_path` cannot be used."""

    def __init__(self, message: str, config_path: str | None = None, context: dict[str, Any] | None = None) -> None:
        super().__init__(message, context)
        self.config_path = config_path


class PluginError(LEDMatrixError):
    """The plugin `plugin_id` cannot go on."""

    def __init__(self, message: str, plugin_id: str | None = None, context: dict[str, Any] | None = None) -> None:
        super().__init__(message, context)
        self.plugin_id = plugin_id


class DisplayError(LEDMatrixError):
    """The mode `display_mode` cannot be drawn."""

    def __init__(self, message: str, display_mode: str | None = None, context: dict[str, Any] | None = None) -> None:
        super().__init__(message, context)
        self.display_mode = display_mode
