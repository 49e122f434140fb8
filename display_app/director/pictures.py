"""The few pictures that the director draws itself: a plugin starts, nothing to show, nothing installed."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageColor, ImageDraw, ImageFont

TITLE = (255, 176, 0)
TEXT = (150, 150, 160)
LINE_HEIGHT = 10
MARGIN = 1


def starting_picture(name: str, *, width: int, height: int) -> bytes:
    """Return the picture that stands while a plugin starts."""
    return _picture((name,), ("starting",), width=width, height=height)


def idle_picture(lines: tuple[str, ...], *, width: int, height: int) -> bytes:
    """Return the picture for the time when no plugin can draw; the first line is the title."""
    return _picture(lines[:1], lines[1:], width=width, height=height)


@lru_cache(maxsize=4)
def text_pages(text: str, colour: str, *, width: int, height: int) -> tuple[bytes, ...]:
    """Return a text as pictures, as many as it needs."""
    font = ImageFont.load_default_imagefont()
    lines = _wrapped(text, font, width) or [""]
    most = max(1, height // LINE_HEIGHT)
    ink = ImageColor.getrgb(colour)[:3]
    return tuple(_lettering([(line, ink) for line in lines[at : at + most]], width, height) for at in range(0, len(lines), most))


def image_picture(png: bytes, *, width: int, height: int) -> bytes:
    """Return a PNG in the middle of a black panel."""
    panel = Image.new("RGB", (width, height))
    with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
        panel.paste(picture.convert("RGB"), ((width - picture.width) // 2, (height - picture.height) // 2))
    return panel.tobytes()


@lru_cache(maxsize=16)
def _picture(titles: tuple[str, ...], texts: tuple[str, ...], *, width: int, height: int) -> bytes:
    font = ImageFont.load_default_imagefont()
    rows = [(line, TITLE) for text in titles for line in _wrapped(text, font, width)]
    rows += [(line, TEXT) for text in texts for line in _wrapped(text, font, width)]
    return _lettering(rows[: max(1, height // LINE_HEIGHT)], width, height)


def _lettering(rows: Sequence[tuple[str, tuple[int, ...]]], width: int, height: int) -> bytes:
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    font = ImageFont.load_default_imagefont()
    top = max(0, (height - len(rows) * LINE_HEIGHT) // 2 - 1)
    for number, (line, colour) in enumerate(rows):
        left = max(0, (width - round(font.getlength(line))) // 2)
        draw.text((left, top + number * LINE_HEIGHT), line, font=font, fill=colour)
    return image.tobytes()


def _wrapped(text: str, font: ImageFont.ImageFont, width: int) -> list[str]:
    """Break a text into lines that fit."""
    text = text.encode("latin-1", "replace").decode("latin-1")  # the built-in font has no more
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= width - 2 * MARGIN:
            lines[-1] = joined
            continue
        lines.append("")
        for piece in _pieces(word, font, width):
            if font.getlength(lines[-1] + piece) > width - 2 * MARGIN:
                lines.append("")
            lines[-1] += piece
    return [line for line in lines if line]


def _pieces(word: str, font: ImageFont.ImageFont, width: int) -> list[str]:
    """Cut a word after its dots and colons, and only what is still too wide between letters."""
    pieces = re.split(r"(?<=[.:/-])", word)
    return [part for piece in pieces for part in ([piece] if font.getlength(piece) <= width - 2 * MARGIN else piece)]
