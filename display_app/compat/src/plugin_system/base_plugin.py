"""Public import path of the plugin base class."""

from display_app.runtime.base_plugin import BasePlugin, VegasDisplayMode

__all__ = ["BasePlugin", "VegasDisplayMode"]
