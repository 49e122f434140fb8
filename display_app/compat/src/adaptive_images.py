"""Public import path of fitted pictures."""

from display_app.toolkit.fitting import RESAMPLE_NEAREST, ImageFitResult, draw_fitted_image, fit_image

__all__ = ["RESAMPLE_NEAREST", "ImageFitResult", "draw_fitted_image", "fit_image"]
