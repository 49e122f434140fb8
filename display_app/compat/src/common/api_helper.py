"""Public import path of the helper for web services."""

from display_app.toolkit.api_helper import APIHelper

__all__ = ["APIHelper"]
