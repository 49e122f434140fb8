"""Public import path of the fonts."""

from display_app.runtime.fonts import FontManager

__all__ = ["FontManager"]
