"""Public import path of the scroll helper."""

from display_app.toolkit.scroll_helper import ScrollHelper

__all__ = ["ScrollHelper"]
