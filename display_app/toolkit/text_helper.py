"""TextHelper: the usual set of fonts for tickers, text that is wrapped, centred or outlined (contract 1.12)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, TypeAlias

from PIL import Image, ImageDraw, ImageFont

from display_app.toolkit.text import Color, Font, TextRenderer

FONT_FOLDER = Path("assets/fonts")
PRESS_START = "PressStart2P-Regular.ttf"
SMALL = "4x6-font.ttf"
DEFAULT_FONTS: dict[str, dict[str, Any]] = {
    "score": {"file": PRESS_START, "size": 10},
    "time": {"file": PRESS_START, "size": 8},
    "team": {"file": PRESS_START, "size": 8},
    "status": {"file": SMALL, "size": 6},
    "detail": {"file": SMALL, "size": 6},
    "rank": {"file": PRESS_START, "size": 10},
}
Rgb: TypeAlias = "tuple[int, int, int]"
PilFont: TypeAlias = "ImageFont.FreeTypeFont | ImageFont.ImageFont"
AROUND = tuple((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0))


class TextHelper:
    """Loads and measures fonts of `font_dir` (`assets/fonts` by default), and draws outlined text."""

    def __init__(self, font_dir: str | Path | None = None, logger: Any = None) -> None:
        self.font_dir = Path(font_dir) if font_dir else FONT_FOLDER
        self.logger = logger or logging.getLogger(__name__)
        self._text = TextRenderer()
        self._fonts: dict[tuple[str, int], PilFont] = {}

    def load_fonts(self, font_config: dict[str, dict[str, Any]] | None = None) -> dict[str, PilFont]:
        """Return name to font for `{name: {"file", "size"}}`; by default score, time, team, status, detail, rank."""
        return {name: self._load(entry["file"], entry["size"]) for name, entry in (font_config or DEFAULT_FONTS).items()}

    def get_text_width(self, text: str, font: Font) -> int:
        """Return the width of `text` in pixels."""
        return self._text.width(text, font)

    def get_text_height(self, text: str, font: Font) -> int:
        """Return the height of a line of `font` in pixels, whatever the text."""
        return self._text.height(font)

    def get_text_dimensions(self, text: str, font: Font) -> tuple[int, int]:
        """Return width and height of one line of text in pixels."""
        return self.get_text_width(text, font), self.get_text_height(text, font)

    def center_text(self, text: str, font: Font, container_width: int, container_height: int) -> tuple[int, int]:
        """Return the top left corner at which `text` stands in the middle of a box of that size."""
        width, height = self.get_text_dimensions(text, font)
        return (container_width - width) // 2, (container_height - height) // 2

    def wrap_text(self, text: str, font: Font, max_width: int, max_lines: int | None = None) -> list[str]:
        """Break `text` between words into lines of at most `max_width` pixels; a longer word has a line of its own.

        Lines beyond `max_lines` are left out, and the last one then ends in "...".
        """
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.get_text_width(longer, font) <= max_width:
                lines[-1] = longer
            else:
                lines.append(word)
        if max_lines is None or len(lines) <= max_lines:
            return lines
        return [*lines[: max_lines - 1], self._shortened(lines[max_lines - 1], font, max_width)] if max_lines > 0 else []

    def draw_multiline_text(
        self, draw: ImageDraw.ImageDraw, text: str, position: tuple[int, int], font: Font, line_spacing: int = 2, **kwargs: Any
    ) -> None:
        """Draw the lines of `text` below each other, outlined; `kwargs` are those of `draw_text_with_outline`."""
        x, y = position
        for line in text.split("\n"):
            if line.strip():
                self.draw_text_with_outline(draw, line, (x, y), font, **kwargs)
            y += self.get_text_height(line, font) + line_spacing

    def create_text_image(
        self, text: str, font: Font, background_color: Rgb = (0, 0, 0), text_color: Rgb = (255, 255, 255), padding: int = 5
    ) -> Image.Image:
        """Return a picture (RGB) of one line of text with `padding` pixels around it."""
        width, height = self.get_text_dimensions(text, font)
        image = Image.new("RGB", (width + 2 * padding, height + 2 * padding), background_color)
        self.draw_text_with_outline(ImageDraw.Draw(image), text, (padding, padding), font, fill=text_color)
        return image

    def clear_font_cache(self) -> None:
        """Forget the fonts that were loaded; the next `load_fonts` reads the files again."""
        self._fonts.clear()

    def draw_text_with_outline(
        self,
        draw: ImageDraw.ImageDraw,
        text: str,
        position: tuple[int, int],
        font: Font,
        fill: Color = (255, 255, 255),
        outline_color: Color = (0, 0, 0),
    ) -> None:
        """Draw `text` with its top left corner at `position` and a border of one pixel around it."""
        x, y = position
        for right, down in AROUND:
            self._text.draw(draw, text, x + right, y + down, font=font, color=outline_color)
        self._text.draw(draw, text, x, y, font=font, color=fill)

    def _shortened(self, line: str, font: Font, max_width: int) -> str:
        while line and self.get_text_width(f"{line}...", font) > max_width:
            line = line[:-1].rstrip()
        return f"{line}..."

    def _load(self, file: str, size: int) -> PilFont:
        font = self._fonts.get((file, size))
        if font is None:
            font = self._fonts[file, size] = self._open(file, size)
        return font

    def _open(self, file: str, size: int) -> PilFont:
        try:
            return ImageFont.truetype(str(self.font_dir / file), size)
        except OSError as error:
            self.logger.warning("The font %s cannot be used: %s", file, error)
            return ImageFont.load_default(size)
