"""Public import path of what a plugin can reach besides canvas and cache."""

from display_app.runtime.plugin_manager import PluginManager

__all__ = ["PluginManager"]
