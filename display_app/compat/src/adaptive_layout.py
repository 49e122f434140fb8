"""Public import path of regions and fitted texts."""

from display_app.toolkit.fitting import LADDER_ARCADE, LADDER_DEFAULT, LADDER_GRID, FitResult, FontStep, LayoutContext, draw_fitted_text
from display_app.toolkit.regions import Region

__all__ = ["LADDER_ARCADE", "LADDER_DEFAULT", "LADDER_GRID", "FitResult", "FontStep", "LayoutContext", "Region", "draw_fitted_text"]
