"""The face of the clock: where time, seconds and date stand on a panel of a given size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from figures import colon, figure
from PIL import Image, ImageDraw, ImageFont

Color = tuple[int, int, int]

MARGIN = 2
LINE = 8  # a line of text with the upper part of what hangs below it
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """What the settings say."""

    twelve_hours: bool = False
    seconds: bool = False
    date: bool = True
    date_order: str = "day-month"
    color: Color = (255, 168, 38)
    date_color: Color = (72, 136, 214)


class Face:
    """Draws the clock on pictures of one size."""

    def __init__(self, width: int, height: int, *, style: Style) -> None:
        self.width, self.height, self.style = width, height, style
        self.text = ImageFont.truetype("assets/fonts/5by7.regular.ttf", 10)
        self.small = ImageFont.truetype("assets/fonts/4x6-font.ttf", 6)
        self._drawn: tuple[datetime, Image.Image] | None = None

    def draw(self, now: datetime) -> Image.Image:
        """Return the picture for one moment; drawn anew only when it shows something else."""
        shown = now.replace(second=now.second if self.style.seconds else 0, microsecond=0)
        if self._drawn is None or self._drawn[0] != shown:
            self._drawn = (shown, self._draw(shown))
        return self._drawn[1].copy()

    def _draw(self, now: datetime) -> Image.Image:
        image = Image.new("RGB", (self.width, self.height))
        if not self.style.date or self.height < 24:
            self._draw_time(image, now, (0, 0, self.width, self.height))
        elif self.width >= 3 * self.height:
            self._draw_beside(image, now)
        else:
            self._draw_below(image, now)
        return image

    def _draw_below(self, image: Image.Image, now: datetime) -> None:
        """Time above, one line of date below."""
        gap = max(2, self.height // 12)
        room = self.height - 2 * MARGIN - LINE - gap
        bottom = self._draw_time(image, now, (0, MARGIN, self.width, MARGIN + room))
        line = next((text for text in date_lines(now, self.style.date_order) if self._width(text) <= self.width - 2 * MARGIN), "")
        self._text(image, (self.width - self._width(line)) // 2, bottom + gap, line, self.style.date_color)

    def _draw_beside(self, image: Image.Image, now: datetime) -> None:
        """Time on the left, weekday and date in short lines on the right."""
        lines = [(DAYS[now.weekday()][:3], self.style.date_color), (short_date(now, self.style.date_order), self.style.date_color)]
        extra = " ".join(part for part in self._extras(now) if part)
        if extra:
            lines.append((extra, dim(self.style.color)))
        column = max(self._width(text) for text, _ in lines)
        left = self.width - MARGIN - 2 - column
        self._draw_time(image, now, (0, MARGIN, left - 4, self.height - MARGIN), extras=False)
        pitch = 10 if len(lines) < 3 else 9
        top = (self.height - pitch * len(lines) + pitch - 7) // 2
        for number, (text, color) in enumerate(lines):
            self._text(image, left, top + number * pitch, text, color)

    def _draw_time(self, image: Image.Image, now: datetime, box: tuple[int, int, int, int], *, extras: bool = True) -> int:
        """Draw the largest figures that fit into the box, centred; return the row below them."""
        left, top, right, bottom = box
        hour = (now.hour % 12 or 12) if self.style.twelve_hours else now.hour
        text = f"{hour}:{now.minute:02}" if self.style.twelve_hours else f"{hour:02}:{now.minute:02}"
        side = self._extras(now) if extras else ("", "")
        font = self.text if self.height >= 48 else self.small
        side_width = max((int(font.getlength(part)) - 1 for part in side if part), default=0)
        room = right - left - 2 * MARGIN - (side_width + 3 if side_width else 0)
        width, height, pen, gap = figure_size(room, min(bottom - top, self.height - 2 * MARGIN))
        figures = len(text) - 1
        block = figures * (width + gap) + pen + (side_width + 3 if side_width else 0)
        x = left + (right - left - block) // 2
        y = top + (bottom - top - height) // 2
        end = self._figures(image, text, (x, y), (width, height, pen, gap))
        self._side(image, side, font, (end + 3 - gap, y, y + height))
        return y + height

    def _figures(self, image: Image.Image, text: str, at: tuple[int, int], size: tuple[int, int, int, int]) -> int:
        x, y = at
        width, height, pen, gap = size
        for char in text:
            mask = colon(height, pen) if char == ":" else figure(char, width, height, pen)
            image.paste(self.style.color, (x, y), mask)
            x += mask.width + gap
        return x

    def _side(self, image: Image.Image, parts: tuple[str, str], font: ImageFont.FreeTypeFont, place: tuple[int, int, int]) -> None:
        """Draw AM or PM at the top and seconds at the bottom, right of the time."""
        x, top, bottom = place
        half, seconds = parts
        capital = font.getmetrics()[0]
        if half:
            self._text(image, x, top, half, dim(self.style.color), font)
        if seconds:
            self._text(image, x, bottom - capital, seconds, dim(self.style.color), font)

    def _extras(self, now: datetime) -> tuple[str, str]:
        half = ("AM" if now.hour < 12 else "PM") if self.style.twelve_hours else ""
        return half, f"{now.second:02}" if self.style.seconds else ""

    def _width(self, text: str) -> int:
        return int(self.text.getlength(text)) - 1

    def _text(self, image: Image.Image, x: int, y: int, text: str, color: Color, font: ImageFont.FreeTypeFont | None = None) -> None:
        ImageDraw.Draw(image).text((x, y), text, font=font or self.text, fill=color)


def figure_size(room: int, most: int) -> tuple[int, int, int, int]:
    """Return width, height, pen and gap of the largest figures of which four and a colon fit into `room` x `most` pixels."""
    for height in range(most, 6, -1):
        pen = max(1, round(height / 9))
        gap = max(1, round(height / 9))
        for share in (0.64, 0.6, 0.56, 0.52):
            width = round(height * share)
            if 4 * width + pen + 4 * gap <= room:
                return width, height, pen, gap
    return 4, 7, 1, 1


def date_lines(now: datetime, order: str) -> list[str]:
    """Return ways to write the date, longest first."""
    day, month = DAYS[now.weekday()], MONTHS[now.month - 1]
    if order == "iso":
        return [f"{day[:3]} {now:%Y-%m-%d}", f"{now:%Y-%m-%d}", f"{now:%m-%d}"]
    pairs = [(day, month), (day, month[:3]), (day[:3], month), (day[:3], month[:3])]
    return [f"{a} {_ordered(now.day, b, order)}" for a, b in pairs] + [_ordered(now.day, month[:3], order)]


def short_date(now: datetime, order: str) -> str:
    """Return day and month in at most six characters."""
    return f"{now:%m-%d}" if order == "iso" else _ordered(now.day, MONTHS[now.month - 1][:3], order)


def dim(color: Color) -> Color:
    """Return the colour for what stands beside the time."""
    red, green, blue = (round(part * 0.6) for part in color)
    return red, green, blue


def _ordered(day: int, month: str, order: str) -> str:
    return f"{month} {day}" if order == "month-day" else f"{day} {month}"
