"""Public import path of the loggers for plugins."""

from display_app.toolkit.logs import get_logger

__all__ = ["get_logger"]
