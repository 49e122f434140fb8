"""Figures of any height, drawn as a pen would: a path of straight lines with cut corners, followed by a square pen with soft corners.

A path is in pixels from the figure's top left corner. `x` and `y` are the far ends of the pen's way, `m` its middle, `c` how much of a
corner is cut.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from PIL import Image

Path = list[tuple[int, int]]


@lru_cache(maxsize=64)
def figure(char: str, width: int, height: int, pen: int) -> Image.Image:
    """Return one digit as a mask (mode 1) of `width` x `height` pixels."""
    mask = Image.new("1", (width, height))
    for path in _paths(char, width - pen, height - pen, pen):
        for start, end in pairwise(path):
            _stroke(mask, start, end, pen)
    return mask


@lru_cache(maxsize=16)
def colon(height: int, pen: int) -> Image.Image:
    """Return the two dots between hours and minutes as a mask."""
    mask = Image.new("1", (pen, height))
    for y in (round(height * 0.3) - pen // 2, round(height * 0.7) - (pen - pen // 2)):
        _dot(mask, 0, y, pen)
    return mask


def _paths(char: str, x: int, y: int, pen: int) -> list[Path]:
    c = max(1, round(pen * 0.75))
    m = y // 2
    round_corner = {
        "0": [[(c, 0), (x - c, 0), (x, c), (x, y - c), (x - c, y), (c, y), (0, y - c), (0, c), (c, 0)]],
        "2": [[(0, c), (c, 0), (x - c, 0), (x, c), (x, m - c), (x - c, m), (c, m), (0, m + c), (0, y), (x, y)]],
        "3": [
            [(0, c), (c, 0), (x - c, 0), (x, c), (x, m - c), (x - c, m), (x, m + c), (x, y - c), (x - c, y), (c, y), (0, y - c)],
            [(2 * c, m), (x - c, m)],
        ],
        "5": [[(x, 0), (0, 0), (0, m), (x - c, m), (x, m + c), (x, y - c), (x - c, y), (c, y), (0, y - c)]],
        "6": [
            [(x, c), (x - c, 0), (c, 0), (0, c), (0, y - c), (c, y), (x - c, y), (x, y - c), (x, m + c), (x - c, m), (0, m)],
        ],
        "8": [
            [(c, m), (0, m - c), (0, c), (c, 0), (x - c, 0), (x, c), (x, m - c), (x - c, m), (c, m)],
            [(c, m), (0, m + c), (0, y - c), (c, y), (x - c, y), (x, y - c), (x, m + c), (x - c, m)],
        ],
        "9": [
            [(0, y - c), (c, y), (x - c, y), (x, y - c), (x, c), (x - c, 0), (c, 0), (0, c), (0, m - c), (c, m), (x, m)],
        ],
    }
    if char in round_corner:
        return round_corner[char]
    stem, flag = x // 2 + pen // 4, max(2, pen)
    straight = {
        "1": [[(stem - flag, flag), (stem, 0), (stem, y)], [(max(0, stem - flag), y), (min(x, stem + flag), y)]],
        "4": [[(0, 0), (0, m - c + 1), (c, m + 1), (x, m + 1)], [(x, 0), (x, y)]],
        "7": [[(0, 0), (x, 0), (x, m - x // 3), (x - x // 2, m + x // 6), (x - x // 2, y)]],
    }
    return straight[char]


def _stroke(mask: Image.Image, start: tuple[int, int], end: tuple[int, int], pen: int) -> None:
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    for step in range(steps + 1):
        _dot(mask, round(start[0] + (end[0] - start[0]) * step / steps), round(start[1] + (end[1] - start[1]) * step / steps), pen)


def _dot(mask: Image.Image, left: int, top: int, pen: int) -> None:
    for row in range(pen):
        inset = 1 if pen > 3 and row in (0, pen - 1) else 0
        for column in range(inset, pen - inset):
            if 0 <= left + column < mask.width and 0 <= top + row < mask.height:
                mask.putpixel((left + column, top + row), 1)
