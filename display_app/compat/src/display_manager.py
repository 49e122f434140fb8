"""Public import path of the canvas."""

from display_app.runtime.canvas import DisplayManager

__all__ = ["DisplayManager"]
