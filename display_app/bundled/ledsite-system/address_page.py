"""The page that says where to open the panel's page: a QR code and the address, or that only this machine can."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import segno
from PIL import Image, ImageDraw, ImageFont

MARGIN = 2
TITLE, ADDRESS, PLAIN = (255, 168, 38), (220, 230, 240), (96, 140, 200)
LIGHT = (255, 255, 255)
LEAST_GAP = 3  # rows between lines
LEAST_QUIET, MOST_QUIET = 2, 4  # modules of light around the code; the standard asks for 4


def address_page(width: int, height: int, url: str, *, reachable: bool) -> Image.Image:
    """Return the page for one address, a picture of one's own; it is asked for every second."""
    return _drawn(width, height, url, reachable).copy()


@lru_cache(maxsize=2)
def _drawn(width: int, height: int, url: str, reachable: bool) -> Image.Image:
    image = Image.new("RGB", (width, height))
    code = qr_code(url, room=min(height, width // 2 + 1)) if reachable else None
    left = MARGIN
    if code is not None:
        top = (height - code.height) // 2
        image.paste(code, (top, top))
        left = top + code.width + (3 if width > 64 else 2)
    _write(image, left, url, reachable=reachable)
    return image


def qr_code(url: str, *, room: int) -> Image.Image | None:
    """Return the code with its light border, modules as large as `room` pixels allow; None when it does not fit."""
    qr = segno.make_qr(_dense(url), error="l", boost_error=True)
    modules = [list(row) for row in qr.matrix]
    size = len(modules)
    for scale in (4, 3, 2, 1):
        quiet = min(MOST_QUIET, (room // scale - size) // 2)
        if quiet >= LEAST_QUIET:
            break
    else:
        return None
    code = Image.new("RGB", (size + 2 * quiet, size + 2 * quiet), LIGHT)
    for y, row in enumerate(modules):
        for x, is_dark in enumerate(row):
            if is_dark:
                code.putpixel((x + quiet, y + quiet), (0, 0, 0))
    return code.resize((code.width * scale, code.height * scale), Image.Resampling.NEAREST)


def _dense(url: str) -> str:
    """Return the address in capitals where that means the same: codes of capitals, digits and `:/.-` are smaller."""
    parts = urlsplit(url)
    capitals = f"{parts.scheme}://{parts.netloc}".upper()
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    return capitals if is_bare and re.fullmatch(r"[A-Z0-9:/.-]+", capitals) else url


def _write(image: Image.Image, left: int, url: str, *, reachable: bool) -> None:
    """Write title and address beside the code, in the largest letters that leave air between the lines."""
    small = ImageFont.truetype("assets/fonts/4x6-font.ttf", 6)
    large = ImageFont.truetype("assets/fonts/5by7.regular.ttf", 10)
    right = image.width - (1 if image.width <= 64 else MARGIN)
    titles = ("Open in a browser", "Open me at", "Open me") if reachable else ("Only on this machine", "Only on\nthis machine")
    title = [Line(text, small, TITLE) for text in _longest(titles, small, right - left)]
    parts = urlsplit(url)
    host = parts.netloc if parts.scheme == "http" else url
    hint = (
        [Line(text, small, PLAIN) for text in ("To open it elsewhere", "set LEDSITE_BIND")] if not reachable and image.height >= 48 else []
    )
    for font in (large, small):
        lines = title + [Line(text, font, ADDRESS) for text in split_address(host, font, right - left)] + hint
        if _gap(image.height, lines) >= LEAST_GAP and all(ink(line.text, line.font) <= right - left for line in lines):
            break
    _stack(image, left, lines)


@dataclass(frozen=True)
class Line:
    """One line of text."""

    text: str
    font: ImageFont.FreeTypeFont
    color: tuple[int, int, int]

    @property
    def height(self) -> int:
        """Rows of a capital letter."""
        return self.font.getmetrics()[0]


@lru_cache(maxsize=256)
def ink(text: str, font: ImageFont.FreeTypeFont) -> int:
    """Return the columns from the left edge to the last lit one."""
    mask = Image.new("1", (int(font.getlength(text)) + 1, sum(font.getmetrics())))
    ImageDraw.Draw(mask).text((0, 0), text, font=font, fill=1)
    return (mask.getbbox() or (0, 0, 0, 0))[2]


def split_address(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """Break an address into lines of at most `room` pixels, after dots and before the port where that is possible."""
    lines = [""]
    for part in re.findall(r":\d+$|[^.:]+[.]?|[.:]", text):
        if ink(lines[-1] + part, font) <= room:
            lines[-1] += part
            continue
        lines.append("")
        for char in part:
            if ink(lines[-1] + char, font) > room:
                lines.append("")
            lines[-1] += char
    return [line for line in lines if line]


def _longest(titles: tuple[str, ...], font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    for title in titles:
        lines = title.split("\n")
        if all(ink(line, font) <= room for line in lines):
            return lines
    return []


def _gap(height: int, lines: list[Line]) -> int:
    """Return the rows between two lines when all stand on the panel, at most 4."""
    spare = height - 2 * MARGIN - sum(line.height for line in lines)
    return min(4, spare // max(1, len(lines) - 1))


def _stack(image: Image.Image, left: int, lines: list[Line]) -> None:
    """Set lines below each other in the middle of the height; what does not fit is left out."""
    while len(lines) > 1 and _gap(image.height, lines) < 1:
        lines = lines[1:]
    gap = max(1, _gap(image.height, lines))
    y = (image.height - sum(line.height for line in lines) - gap * (len(lines) - 1)) // 2
    draw = ImageDraw.Draw(image)
    for line in lines:
        draw.text((left, y), line.text, font=line.font, fill=line.color)
        y += line.height + gap
