"""DisplayManager: the canvas that a plugin draws on, and the one door through which finished frames leave (contract 1.2)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import freetype
from PIL import Image, ImageDraw

from display_app.runtime.deferral import Deferral
from display_app.runtime.fonts import FontManager
from display_app.runtime.guard import report, tolerate
from display_app.runtime.weather_icons import WeatherIcons
from display_app.toolkit.text import FALLBACK_HEIGHT, Color, Font, TextRenderer

WHITE = (255, 255, 255)
# What drawing may raise for arguments that a plugin got wrong; the contract says that text then is simply not drawn.
DRAWING_ERRORS = (
    TypeError,
    ValueError,
    AttributeError,
    LookupError,
    ArithmeticError,
    OSError,
    MemoryError,
    freetype.ft_errors.FT_Exception,
)


@dataclass(frozen=True)
class Matrix:
    """The panel's size in pixels, under the name by which plugins know the hardware object."""

    width: int
    height: int


class DisplayManager(WeatherIcons):
    """A canvas of `width` x `height` pixels: draw through `draw`, paste into `image`, or assign a new `image`; then `update_display()`."""

    def __init__(self, width: int, height: int, *, publish: Callable[[Image.Image], None], fonts: FontManager) -> None:
        self.matrix = Matrix(width, height)
        self._publish = publish
        self._publish_lock = threading.RLock()
        self._sent: tuple[int, Image.Image | None] = (0, None)  # how many frames, and the last one
        self._capturing = threading.local()
        self._text = TextRenderer()
        self._deferral = Deferral()
        self._draw: ImageDraw.ImageDraw | None = None
        self.image = self._blank()
        self.font = self.regular_font = self.small_font = fonts.load_file("PressStart2P-Regular.ttf", 8)
        self.extra_small_font = fonts.load_file("4x6-font.ttf", 6)
        self.calendar_font = self.bdf_5x7_font = fonts.load_face("5x7.bdf", 7) or self.small_font

    # -- the picture

    @property
    def image(self) -> Image.Image:
        """The picture under work: RGB, panel sized, unless the plugin assigned another one."""
        return self._image

    @image.setter
    def image(self, image: Image.Image) -> None:
        image.load()  # a file that cannot be read fails where it was assigned
        self._image = image
        self._draw = None

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        """What draws on the picture under work; made when it is asked for, because a scroll only assigns pictures."""
        if self._draw is None:
            self._draw = ImageDraw.Draw(self._image)
        return self._draw

    @draw.setter
    def draw(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    @property
    def width(self) -> int:
        """Width of the panel in pixels."""
        return self.matrix.width

    @property
    def height(self) -> int:
        """Height of the panel in pixels."""
        return self.matrix.height

    def clear(self) -> None:
        """Begin a new black picture; the panel keeps the old one until `update_display()`."""
        self.image = self._blank()

    def update_display(self) -> None:
        """Send the picture, cropped or padded to the panel, as it is now. Callable from any thread; never raises."""
        if not getattr(self._capturing, "active", False):
            tolerate(self._send, fallback=None, what="update_display")

    def picture(self) -> Image.Image:
        """Return a copy of the picture as it is now, RGB, cropped or padded to the panel."""
        return self._frame()

    def cleanup(self) -> None:
        """Clear the canvas."""
        self.clear()

    def set_brightness(self, brightness: int) -> bool:
        """Return False: the panel's brightness is the owner's, and no plugin's process has the hardware."""
        return False

    def get_brightness(self) -> int:
        """Return -1: it is not known here."""
        return -1

    def _send(self) -> None:
        with self._publish_lock:
            frame = self._frame()
            self._sent = (self._sent[0] + 1, frame)
            self._publish(frame)

    def _frame(self) -> Image.Image:
        image = self._image
        frame = image.copy() if image.mode == "RGB" else image.convert("RGB")
        size = (self.matrix.width, self.matrix.height)
        return frame if frame.size == size else frame.crop((0, 0, *size))

    def _blank(self) -> Image.Image:
        return Image.new("RGB", (self.matrix.width, self.matrix.height))

    # -- text

    def draw_text(
        self,
        text: str,
        x: float | None = None,
        y: float | None = None,
        color: Color = WHITE,
        small_font: bool = False,
        font: Font | None = None,
        centered: bool = False,
    ) -> None:
        """Draw one text; `x` is its left edge (its centre when `centered`, the panel's centre when None), `y` its top (0 when None).

        What cannot be drawn is logged and left out.
        """
        chosen = font or (self.small_font if small_font else self.regular_font)
        try:
            left = self._left_edge(text, x, chosen, centered=centered)
            self._text.draw(self.draw, text, left, 0 if y is None else y, font=chosen, color=color)
        except DRAWING_ERRORS as error:
            report(error, what="drawing a text")

    def get_text_width(self, text: str, font: Font) -> int:
        """Return the width of `text` in pixels, 0 when it cannot be measured."""
        try:
            return self._text.width(text, font)
        except DRAWING_ERRORS as error:
            report(error, what="measuring a text")
            return 0

    def get_font_height(self, font: Font) -> int:
        """Return the height of a line in pixels; the font's nominal size, or 8, when it does not say."""
        try:
            return self._text.height(font)
        except DRAWING_ERRORS:
            size = getattr(font, "size", None)
            return size if isinstance(size, int) else FALLBACK_HEIGHT

    def format_date_with_ordinal(self, dt: date) -> str:
        """Return a date like `Aug 30th`."""
        suffix = "th" if 11 <= dt.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(dt.day % 10, "th")
        return f"{dt.strftime('%b')} {dt.day}{suffix}"

    def _draw_bdf_text(self, text: str, x: float, y: float, color: Color = WHITE, font: Font | None = None) -> None:
        """Draw with a bitmap font; plugins call this by its private name."""
        try:
            self._text.draw(self.draw, text, x, y, font=font or self.calendar_font, color=color)
        except DRAWING_ERRORS as error:
            report(error, what="drawing a text")

    def _left_edge(self, text: str, x: float | None, font: Font, *, centered: bool) -> float:
        if x is None:
            return (self.matrix.width - self._text.width(text, font)) // 2
        return x - self._text.width(text, font) // 2 if centered else x

    # -- scrolling and work put off

    def set_scrolling_state(self, is_scrolling: bool) -> None:
        """Say that a scroll is under way; the word holds for 2 seconds."""
        self._deferral.set_scrolling(is_scrolling)

    def is_currently_scrolling(self) -> bool:
        """Tell whether a scroll is under way."""
        return self._deferral.is_scrolling()

    def defer_update(self, update_func: Callable[[], Any], priority: int = 0) -> None:
        """Run `update_func` later, when nothing scrolls; smaller priorities first."""
        self._deferral.add(update_func, priority)

    def process_deferred_updates(self) -> None:
        """Run what was put off, at most 5 at once; nothing while a scroll is under way."""
        self._deferral.process()

    def get_scrolling_stats(self) -> dict[str, Any]:
        """Return whether a scroll is under way and how many calls wait."""
        return self._deferral.stats()

    # -- for the host: pictures that do not go to the panel, and one that was forgotten

    @property
    def frames_sent(self) -> int:
        """How many frames have left."""
        return self._sent[0]

    def send_forgotten(self, since: int) -> None:
        """Send a picture that a plugin drew without `update_display()`: none has left since, it is not black, and not the last one."""
        count, last = self._sent
        is_new = count == since and (last is None or self._frame().tobytes() != last.tobytes())
        if is_new and self._image.getbbox() is not None:
            self.update_display()

    @contextmanager
    def capture_mode(self) -> Iterator[None]:
        """Keep `update_display` of the calling thread from sending anything."""
        self._capturing.active = True
        try:
            yield
        finally:
            self._capturing.active = False

    @contextmanager
    def render_size(self, width: int, height: int | None = None) -> Iterator[None]:
        """Report a panel of another size, with a fresh picture, and put the old one back afterwards."""
        matrix, image = self.matrix, self._image
        self.matrix = Matrix(width, height or matrix.height)
        self.clear()
        try:
            yield
        finally:
            self.matrix, self.image = matrix, image
