"""Public import path of the plugin's cache."""

from display_app.runtime.cache import CacheManager

__all__ = ["CacheManager"]
