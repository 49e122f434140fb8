"""Texts and pictures made to fit a region: the largest crisp font of a ladder, a picture shrunk, cropped or stretched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PIL import Image

from display_app.toolkit.regions import Region, region_of
from display_app.toolkit.text import Color, Font, TextRenderer

Box = Region | tuple[int, int]
RESAMPLE_NEAREST = Image.Resampling.NEAREST
DESIGN_SIZE = (128, 32)
ELLIPSIS = "…"
WHITE = (255, 255, 255)


@dataclass(frozen=True)
class FontStep:
    """One rung: a family of the FontManager at a size at which it is crisp."""

    family: str
    size_px: int


LADDER_GRID = tuple(FontStep(*rung) for rung in (("5by7.regular", 30), ("5by7.regular", 20), ("5by7.regular", 10), ("5x7", 7), ("4x6", 6)))
LADDER_ARCADE = tuple(FontStep("press_start", size) for size in (32, 24, 16, 8))
LADDER_DEFAULT = LADDER_GRID


@dataclass(frozen=True)
class FitResult:
    """A text (shortened where even the last rung is too wide), its font, and its ink: size, and how far below the text's top it begins."""

    font: Font
    family: str
    size_px: int
    text: str
    width: int
    height: int
    x_offset: int
    y_offset: int
    fits: bool


@dataclass(frozen=True)
class ImageFitResult:
    """A picture (RGBA) made for a box, and how much it was scaled."""

    image: Image.Image
    width: int
    height: int
    scale: float
    mode: str


class LayoutContext:
    """A panel of one size: its whole as a region, and what fits into parts of it."""

    def __init__(self, width: int, height: int, font_manager: Any, design_size: tuple[int, int] = DESIGN_SIZE) -> None:
        self.width, self.height, self.font_manager, self.design_size = width, height, font_manager, design_size
        self.bounds = Region(0, 0, width, height)
        self.scale = min(width / max(1, design_size[0]), height / max(1, design_size[1]))
        self._text = TextRenderer()

    def px(self, base: int, minimum: int = 1, maximum: int | None = None) -> int:
        """Scale a length of the design to this panel."""
        scaled = max(minimum, round(base * self.scale))
        return scaled if maximum is None else min(maximum, scaled)

    def fit_text(self, text: str, box: Box, ladder: Sequence[FontStep] | None = None) -> FitResult:
        """Return the text in the first font of the ladder (large to small) in which it fits; else in the last one, shortened."""
        region, rungs = region_of(box), ladder or LADDER_DEFAULT
        for rung in rungs:
            found = self._measure(text, rung)
            if region.contains(found.width, found.height):
                return found
        for length in range(len(text), -1, -1):
            found = self._measure(f"{text[:length].rstrip()}{ELLIPSIS}", rungs[-1])
            if found.width <= region.w:
                break
        return replace(found, fits=False)

    def fit_image(self, image: Image.Image, box: Box, **how: Any) -> ImageFitResult:
        """Return a picture made for the box; `how` are the options of `fit_image` in this module."""
        return fit_image(image, box, **how)

    def _measure(self, text: str, rung: FontStep) -> FitResult:
        font = self.font_manager.get_font(rung.family, rung.size_px)
        left, top, right, bottom = self._text.ink(text, font)
        return FitResult(font, rung.family, rung.size_px, text, right - left, bottom - top, left, top, fits=True)


def fit_image(
    image: Image.Image,
    box: Box,
    *,
    mode: str = "contain",
    crop_to_ink: bool = False,
    anchor: str = "center",
    resample: Any = None,
) -> ImageFitResult:
    """Make a picture fit: whole (`contain`), filling the box (`cover`, cut at `anchor`), as high (`fill_height`), or distorted (`stretch`).

    `crop_to_ink` first cuts off what is transparent around it; `resample` is a filter of Pillow, Lanczos by default.
    """
    region, source = region_of(box), image.convert("RGBA")
    ink = source.getchannel("A").getbbox() if crop_to_ink else None
    source = source.crop(ink) if ink else source
    across, down = region.w / max(1, source.width), region.h / max(1, source.height)
    scale = {"cover": max(across, down), "fill_height": down}.get(mode, min(across, down))
    size = (region.w, region.h) if mode == "stretch" else (round(source.width * scale), round(source.height * scale))
    fitted = source.resize((max(1, size[0]), max(1, size[1])), Image.Resampling.LANCZOS if resample is None else resample)
    if mode == "cover":
        left, top = (fitted.width - region.w) // 2, 0 if anchor == "top" else (fitted.height - region.h) // 2
        fitted = fitted.crop((left, top, left + region.w, top + region.h))
    return ImageFitResult(fitted, fitted.width, fitted.height, scale, mode)


def draw_fitted_text(canvas: Any, fit: FitResult, box: Box, *, color: Color = WHITE, align: str = "center", valign: str = "center") -> None:
    """Draw a fitted text so that its ink stands where it belongs."""
    x, y = region_of(box).align_xy(fit.width, fit.height, align, valign)
    canvas.draw_text(fit.text, x=x - fit.x_offset, y=y - fit.y_offset, color=color, font=fit.font)


def draw_fitted_image(
    canvas: Any, fit: ImageFitResult, box: Box, *, align: str = "center", valign: str = "center", offset: tuple[int, int] = (0, 0)
) -> None:
    """Paste a fitted picture where it belongs, moved by `offset`; what is transparent leaves what is there."""
    x, y = region_of(box).align_xy(fit.width, fit.height, align, valign)
    canvas.image.paste(fit.image, (x + offset[0], y + offset[1]), fit.image)
