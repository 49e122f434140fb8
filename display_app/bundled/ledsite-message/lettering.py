"""Large letters from small ones: a mask is enlarged two or three times, with its corners and slants smoothed.

Per pixel, after the Scale2x and Scale3x rules (https://www.scale2x.it/algorithm): a corner follows its two neighbours where they agree.
One rule is added: a dark corner is filled only along a slant, not in the inner corner of two strokes that meet.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Grid = list[list[bool]]

GAP, SPACE = 1, 2  # columns, before enlarging
FACTORS = {1: (), 2: (2,), 3: (3,), 4: (2, 2), 6: (3, 2)}


@lru_cache(maxsize=8)
def lettering(text: str, scale: int) -> Image.Image:
    """Return one line of text as a mask (mode 1) without dark columns at its ends; its height is `scale` times 9 pixels."""
    grid = _grid(_small_line(text))
    for factor in FACTORS[scale]:
        grid = _enlarge(grid, factor)
    return _mask(grid)


def _small_line(text: str) -> Image.Image:
    """Set the text with letters of their own widths, one dark column between two."""
    font = ImageFont.truetype("assets/fonts/5by7.regular.ttf", 10)
    height = sum(font.getmetrics())
    letters = []
    for char in text:
        letter = Image.new("1", (max(1, int(font.getlength(char))), height))
        ImageDraw.Draw(letter).text((0, 0), char, font=font, fill=1)
        ink = letter.getbbox()
        letters.append(letter.crop((ink[0], 0, ink[2], height)) if ink else Image.new("1", (SPACE, height)))
    line = Image.new("1", (sum(letter.width + GAP for letter in letters) - GAP if letters else 1, height))
    x = 0
    for letter in letters:
        line.paste(letter, (x, 0))
        x += letter.width + GAP
    return line


def _enlarge(grid: Grid, factor: int) -> Grid:
    height, width = len(grid), len(grid[0])
    large = [[False] * (width * factor) for _ in range(height * factor)]
    for y in range(height):
        for x in range(width):
            block = _block(grid, x, y, factor)
            for row in range(factor):
                large[y * factor + row][x * factor : (x + 1) * factor] = block[row]
    return large


def _block(grid: Grid, x: int, y: int, factor: int) -> Grid:
    """Return the pixels that stand for one."""
    lit = grid[y][x]
    block = [[lit] * factor for _ in range(factor)]
    last = factor - 1
    for dx, dy in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        beside, above = _at(grid, x + dx, y), _at(grid, x, y + dy)
        opposite = _at(grid, x - dx, y), _at(grid, x, y - dy)
        if beside != above or beside == lit or beside == opposite[0] or above == opposite[1]:
            continue
        if not lit and _at(grid, x + dx, y + dy):
            continue  # the inner corner of two strokes
        block[0 if dy < 0 else last][0 if dx < 0 else last] = beside
    return block


def _at(grid: Grid, x: int, y: int) -> bool:
    return 0 <= y < len(grid) and 0 <= x < len(grid[0]) and grid[y][x]


def _grid(mask: Image.Image) -> Grid:
    return [[bool(mask.getpixel((x, y))) for x in range(mask.width)] for y in range(mask.height)]


def _mask(grid: Grid) -> Image.Image:
    mask = Image.new("1", (len(grid[0]), len(grid)))
    for y, row in enumerate(grid):
        for x, lit in enumerate(row):
            if lit:
                mask.putpixel((x, y), 1)
    return mask
