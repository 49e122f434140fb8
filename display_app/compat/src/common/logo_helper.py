"""Public import path of the logo helper."""

from display_app.toolkit.logo_helper import LogoHelper

__all__ = ["LogoHelper"]
