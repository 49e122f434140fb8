"""Public import path of the settings that a plugin can read."""

from display_app.runtime.config import ConfigManager

__all__ = ["ConfigManager"]
