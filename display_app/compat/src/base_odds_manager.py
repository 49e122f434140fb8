"""Public import path of betting odds."""

from display_app.toolkit.odds import BaseOddsManager

__all__ = ["BaseOddsManager"]
