"""Measure and draw text with TrueType fonts (PIL) and bitmap fonts (freetype faces), remembering finished masks.

Rendering twelve TrueType characters takes about 400 microseconds, stamping a remembered mask 3. A mask is the text in
shades of grey; drawing is `ImageDraw.bitmap`, so the pixels are the same as those of `ImageDraw.text`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, TypeAlias

import freetype
from PIL import Image, ImageDraw, ImageFont

Font: TypeAlias = "ImageFont.FreeTypeFont | ImageFont.ImageFont | freetype.Face"
Color: TypeAlias = "tuple[int, ...] | list[int] | str | int"

REMEMBERED = 512
FALLBACK_HEIGHT = 8
MONO = freetype.FT_LOAD_RENDER | freetype.FT_LOAD_TARGET_MONO


@dataclass(frozen=True)
class Mask:
    """A text as a grey picture, where it lies relative to the pen's start, and the font that keeps its place in the cache."""

    image: Image.Image | None
    left: int
    top: int
    advance: int
    font: Font


class TextRenderer:
    """Draws and measures text; safe to use from several threads."""

    def __init__(self) -> None:
        self._masks: OrderedDict[tuple[Any, ...], Mask] = OrderedDict()
        self._lock = threading.RLock()
        self._scale = ImageDraw.Draw(Image.new("RGB", (1, 1)))

    def draw(self, draw: ImageDraw.ImageDraw, text: str, x: float, y: float, *, font: Font, color: Color) -> None:
        """Draw `text` with its left edge at `x` and the top of its box at `y` (pixels); what lies outside is cut off."""
        fill = tuple(color) if isinstance(color, list) else color
        if not isinstance(font, freetype.Face) and (x != int(x) or y != int(y)):
            draw.text((x, y), text, font=font, fill=fill)
            return
        mask = self._mask(text, font, draw.fontmode)
        if mask.image is not None:
            draw.bitmap((int(x) + mask.left, int(y) + mask.top), mask.image, fill=fill)

    def width(self, text: str, font: Font) -> int:
        """Return the width of `text` in pixels: of its ink for a PIL font, of its advances for a face."""
        return self._mask(text, font, self._scale.fontmode).advance

    def ink(self, text: str, font: Font) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of what is lit, relative to the place at which `text` is drawn."""
        mask = self._mask(text, font, self._scale.fontmode)
        if mask.image is None:
            return 0, 0, mask.advance, 0
        lit = mask.image.getbbox() or (0, 0, 0, 0)
        return mask.left + lit[0], mask.top + lit[1], mask.left + lit[2], mask.top + lit[3]

    def height(self, font: Font) -> int:
        """Return the height of a line in pixels."""
        if isinstance(font, freetype.Face):
            return int(font.size.height) >> 6
        metrics = getattr(font, "getmetrics", None)
        if metrics is not None:
            ascent, descent = metrics()
            return int(ascent + descent)
        return int(getattr(font, "size", FALLBACK_HEIGHT))

    def _mask(self, text: str, font: Font, fontmode: str) -> Mask:
        # The mask keeps its font alive, so an id in a key cannot come to mean another font.
        face_size = (font.size.x_ppem, font.size.y_ppem) if isinstance(font, freetype.Face) else None
        key = (text, id(font), face_size, fontmode)
        with self._lock:
            mask = self._masks.get(key)
            if mask is None:
                mask = _face_mask(text, font) if face_size else self._pil_mask(text, font, fontmode)
                self._masks[key] = mask
                if len(self._masks) > REMEMBERED:
                    self._masks.popitem(last=False)
            else:
                self._masks.move_to_end(key)
            return mask

    def _pil_mask(self, text: str, font: Any, fontmode: str) -> Mask:
        left, top, right, bottom = (int(edge) for edge in self._scale.textbbox((0, 0), text, font=font))
        advance = right - left
        if right <= left or bottom <= top:
            return Mask(None, 0, 0, advance, font)
        image = Image.new("L", (right - left, bottom - top))
        pen = ImageDraw.Draw(image)
        pen.fontmode = fontmode
        pen.text((-left, -top), text, font=font, fill=255)
        return Mask(image, left, top, advance, font)


def _face_mask(text: str, face: Any) -> Mask:
    """Compose the mask of a text in a bitmap font; `top` is relative to the top of the line, the ascender above the baseline."""
    baseline = face.size.ascender >> 6
    glyphs, pen = [], 0
    for character in text:
        face.load_char(character, MONO)
        glyph = face.glyph
        bitmap = glyph.bitmap
        if bitmap.width and bitmap.rows:
            picture = _bits_to_image(bytes(bitmap.buffer), bitmap.width, bitmap.rows, bitmap.pitch)
            glyphs.append((picture, (pen >> 6) + glyph.bitmap_left, baseline - glyph.bitmap_top))
        pen += glyph.advance.x
    if not glyphs:
        return Mask(None, 0, 0, pen >> 6, face)
    left = min(x for _, x, _ in glyphs)
    top = min(y for _, _, y in glyphs)
    size = (max(x + p.width for p, x, _ in glyphs) - left, max(y + p.height for p, _, y in glyphs) - top)
    image = Image.new("L", size)
    for picture, x, y in glyphs:
        image.paste(255, (x - left, y - top), picture)
    return Mask(image, left, top, pen >> 6, face)


def _bits_to_image(data: bytes, width: int, rows: int, pitch: int) -> Image.Image:
    return Image.frombytes("1", (width, rows), data, "raw", "1", pitch)
