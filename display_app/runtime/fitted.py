"""The part of the base class that fits texts and pictures into regions of the panel."""

from __future__ import annotations

from typing import Any

from PIL import Image

from display_app.toolkit.fitting import (
    WHITE,
    Box,
    FitResult,
    FontStep,
    ImageFitResult,
    LayoutContext,
    draw_fitted_image,
    draw_fitted_text,
    fit_image,
)
from display_app.toolkit.text import Color


class Fitted:
    """`layout` is the panel as regions; `draw_fit` and `draw_image` draw onto the canvas, nothing is sent."""

    display_manager: Any
    plugin_manager: Any

    @property
    def layout(self) -> LayoutContext:
        """The panel as it is now, whole in `layout.bounds`; made anew when its size has changed."""
        size = (self.display_manager.width, self.display_manager.height)
        known: LayoutContext | None = self.__dict__.get("_layout")
        if known is None or (known.width, known.height) != size:
            known = self.__dict__["_layout"] = LayoutContext(*size, self.plugin_manager.font_manager)
        return known

    def draw_fit(
        self,
        text: str,
        box: Box,
        color: Color = WHITE,
        ladder: tuple[FontStep, ...] | None = None,
        align: str = "center",
        valign: str = "center",
    ) -> FitResult:
        """Draw a text in the largest font of the ladder in which it fits into the box (a Region, or width and height)."""
        fit = self.layout.fit_text(text, box, ladder)
        draw_fitted_text(self.display_manager, fit, box, color=color, align=align, valign=valign)
        return fit

    def draw_image(
        self,
        img: Image.Image,
        box: Box,
        *,
        mode: str = "contain",
        align: str = "center",
        valign: str = "center",
        crop_to_ink: bool = False,
        anchor: str = "center",
        resample: Any = None,
        cache_key: Any = None,
        offset: tuple[int, int] = (0, 0),
    ) -> ImageFitResult:
        """Draw a picture made for the box: contain, cover, fill_height or stretch."""
        fit = fit_image(img, box, mode=mode, crop_to_ink=crop_to_ink, anchor=anchor, resample=resample)
        draw_fitted_image(self.display_manager, fit, box, align=align, valign=valign, offset=offset)
        return fit
