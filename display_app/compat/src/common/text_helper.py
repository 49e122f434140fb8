"""Public import path of the text helper."""

from display_app.toolkit.text_helper import TextHelper

__all__ = ["TextHelper"]
