"""Public import path of the errors that plugins may raise and catch."""

from display_app.runtime.errors import CacheError, ConfigError, DisplayError, LEDMatrixError, PluginError

__all__ = ["CacheError", "ConfigError", "DisplayError", "LEDMatrixError", "PluginError"]
