"""Watches where a plugin's texts fall on the panel: which are cut off by its edge, and which touch it."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageDraw

from display_app.toolkit.text import TextRenderer

Box = tuple[float, float, float, float]
MOST = 50


class TextWatch:
    """Remembers texts drawn onto a picture of the panel's size; strips that scroll are of another size and do not count."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._label = ""
        self._found: dict[tuple[str, str], None] = {}

    def take(self) -> list[dict[str, str]]:
        """Return what was found since the last call: `{"text", "what"}`, what is cut or touching."""
        found, self._found = self._found, {}
        return [{"text": text, "what": what} for text, what in found]

    def install(self) -> None:
        """Look at every text that this process draws."""
        watch, draw_text, draw_bitmap, render = self, ImageDraw.ImageDraw.text, ImageDraw.ImageDraw.bitmap, TextRenderer.draw

        def text(self: Any, xy: Any, text: Any, *args: Any, **kwargs: Any) -> None:
            if watch._is_panel(self):
                watch._note(str(text), _box(self, xy, text, args, kwargs))
            draw_text(self, xy, text, *args, **kwargs)

        def bitmap(self: Any, xy: Any, bitmap: Image.Image, fill: Any = None) -> None:
            if watch._label and watch._is_panel(self):
                watch._note(watch._label, (xy[0], xy[1], xy[0] + bitmap.width, xy[1] + bitmap.height))
            draw_bitmap(self, xy, bitmap, fill)

        def labelled(self: TextRenderer, draw: Any, text: str, x: float, y: float, **options: Any) -> None:
            watch._label = str(text)
            try:
                render(self, draw, text, x, y, **options)
            finally:
                watch._label = ""

        ImageDraw.ImageDraw.text = text  # type: ignore[method-assign]
        ImageDraw.ImageDraw.bitmap = bitmap  # type: ignore[method-assign]
        TextRenderer.draw = labelled  # type: ignore[method-assign]

    def _is_panel(self, draw: Any) -> bool:
        return tuple(draw.im.size) == self._size

    def _note(self, text: str, box: Box | None) -> None:
        if box is None or not text.strip() or len(self._found) >= MOST:
            return
        left, top, right, bottom = box
        width, height = self._size
        if right <= 0 or bottom <= 0 or left >= width or top >= height:
            return  # wholly outside: it waits there or has gone
        if left < 0 or top < 0 or right > width or bottom > height:
            self._found[text[:60], "cut"] = None
        elif left == 0 or right == width:
            self._found[text[:60], "touching"] = None


def _box(draw: Any, xy: Any, text: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Box | None:
    """Return the ink of a text, None where Pillow itself will refuse to draw it."""
    names = ("fill", "font", "anchor", "spacing", "align", "direction", "features", "language", "stroke_width")
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    known = {name: given[name] for name in names[1:] if name in given}
    try:
        return tuple(draw.textbbox(xy, text, **known))
    except (ValueError, TypeError, OSError, AttributeError):
        return None
