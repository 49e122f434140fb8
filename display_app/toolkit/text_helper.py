"""TextHelper: the usual set of fonts for tickers, and text with an outline (contract 1.12)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from PIL import ImageDraw, ImageFont

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
AROUND = tuple((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0))


class TextHelper:
    """Loads and measures fonts of `font_dir` (`assets/fonts` by default), and draws outlined text."""

    def __init__(self, font_dir: str | Path | None = None, logger: Any = None) -> None:
        self.font_dir = Path(font_dir) if font_dir else FONT_FOLDER
        self.logger = logger or logging.getLogger(__name__)
        self._text = TextRenderer()

    def load_fonts(self, font_config: dict[str, dict[str, Any]] | None = None) -> dict[str, ImageFont.FreeTypeFont | ImageFont.ImageFont]:
        """Return name to font for `{name: {"file", "size"}}`; by default score, time, team, status, detail, rank."""
        return {name: self._load(entry["file"], entry["size"]) for name, entry in (font_config or DEFAULT_FONTS).items()}

    def get_text_width(self, text: str, font: Font) -> int:
        """Return the width of `text` in pixels."""
        return self._text.width(text, font)

    def get_text_height(self, text: str, font: Font) -> int:
        """Return the height of a line of `font` in pixels, whatever the text."""
        return self._text.height(font)

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

    def _load(self, file: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        try:
            return ImageFont.truetype(str(self.font_dir / file), size)
        except OSError as error:
            self.logger.warning("The font %s cannot be used: %s", file, error)
            return ImageFont.load_default(size)
