"""The page that shows how the machine is: a name, a bar and a number in each row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont
from readings import Readings

Color = tuple[int, int, int]

GREEN, AMBER, RED = (60, 200, 110), (255, 168, 38), (255, 64, 48)
SHORTEST_BAR = 6
NAME, TRACK = (96, 140, 200), (40, 44, 60)


@dataclass(frozen=True)
class Row:
    """One reading: `share` from 0 to 1 fills the bar, None means that there is none."""

    name: str
    value: str
    share: float | None
    color: Color


def rows_of(readings: Readings, *, fahrenheit: bool) -> list[Row]:
    """Return what can be said, at most three rows."""
    rows = []
    for name, percent in (("LOAD", readings.load), ("MEM", readings.memory)):
        if percent is not None:
            rows.append(Row(name, f"{percent}%", percent / 100, _grade(percent, 70, 90)))
    if readings.celsius is not None:
        degrees = round(readings.celsius * 9 / 5 + 32) if fahrenheit else readings.celsius
        share = min(1.0, max(0.0, (readings.celsius - 20) / 65))
        rows.append(Row("TEMP", f"{degrees}°{'F' if fahrenheit else 'C'}", share, _grade(readings.celsius, 65, 80)))
    elif readings.uptime is not None:
        rows.append(Row("UP", _span(readings.uptime), None, GREEN))
    return rows


def status_page(width: int, height: int, rows: list[Row]) -> Image.Image:
    """Return the rows over the whole height, a picture of one's own; it is asked for every second."""
    return _drawn(width, height, tuple(rows)).copy()


@lru_cache(maxsize=2)
def _drawn(width: int, height: int, rows: tuple[Row, ...]) -> Image.Image:
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    is_large = width >= 96
    font = ImageFont.truetype("assets/fonts/5by7.regular.ttf", 10) if is_large else ImageFont.truetype("assets/fonts/4x6-font.ttf", 6)
    letter = font.getmetrics()[0]
    margin, gap = 2, 4 if is_large else 3
    pitch = (height - 2 * margin) // max(1, len(rows))
    name_width = max((int(font.getlength(row.name)) for row in rows), default=0)
    value_width = max((int(font.getlength(row.value)) - 1 for row in rows if row.share is not None), default=0)
    for number, row in enumerate(rows):
        top = (height - pitch * len(rows)) // 2 + number * pitch + (pitch - letter) // 2
        draw.text((margin, top), row.name, font=font, fill=NAME)
        draw.text((width - margin - int(font.getlength(row.value)) + 1, top), row.value, font=font, fill=row.color)
        bar_width = width - 2 * margin - name_width - value_width - 2 * gap + 1
        if row.share is not None and bar_width >= SHORTEST_BAR:
            bar = (margin + name_width + gap - 1, top, width - margin - value_width - gap, top + letter)
            _bar(draw, bar, row, thickness=5 if height < 48 else 9)
    return image


def _bar(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], row: Row, *, thickness: int) -> None:
    left, top, right, bottom = box
    top += (bottom - top - thickness) // 2
    draw.rectangle((left, top, right - 1, top + thickness - 1), fill=TRACK)
    filled = round((right - left) * (row.share or 0))
    if filled:
        draw.rectangle((left, top, left + filled - 1, top + thickness - 1), fill=row.color)


def _grade(value: float, warm: float, hot: float) -> Color:
    return GREEN if value < warm else AMBER if value < hot else RED


def _span(seconds: int) -> str:
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    return f"{days}d {hours}h" if days else f"{hours}h {rest // 60}m"
