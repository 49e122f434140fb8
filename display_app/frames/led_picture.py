"""Pictures of a panel for documents: every pixel a round lamp with a little glow on a dark board; pure Pillow."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageDraw, ImageFilter

BOARD = (12, 12, 14)
UNLIT = (26, 26, 29)
LAMP = 0.78  # diameter of a lamp in parts of the distance between two
GLOW = 0.16
OVERSAMPLING = 4


def led_picture(image: Image.Image, *, pitch: int = 8, border: int = 1) -> Image.Image:
    """Return the picture of a panel that shows `image`: `pitch` pixels a lamp, `border` lamps of board around it."""
    source = image.convert("RGB")
    size = (source.width * pitch, source.height * pitch)
    lamps = _lamps(source.size, pitch)
    colours = source.resize(size, Image.Resampling.NEAREST)
    unlit = Image.new("RGB", size, UNLIT)
    panel = Image.composite(ImageChops.lighter(colours, unlit), Image.new("RGB", size, BOARD), lamps)
    glow = colours.filter(ImageFilter.GaussianBlur(pitch * 0.55)).point(lambda value: round(value * GLOW))
    board = Image.new("RGB", (size[0] + 2 * border * pitch, size[1] + 2 * border * pitch), BOARD)
    board.paste(ImageChops.add(panel, glow), (border * pitch, border * pitch))
    return board


def _lamps(size: tuple[int, int], pitch: int) -> Image.Image:
    """Return a mask with one smooth disc per lamp."""
    fine = pitch * OVERSAMPLING
    gap = fine * (1 - LAMP) / 2
    disc = Image.new("L", (fine, fine))
    ImageDraw.Draw(disc).ellipse((gap, gap, fine - gap - 1, fine - gap - 1), fill=255)
    cell = disc.resize((pitch, pitch), Image.Resampling.LANCZOS)
    row = Image.new("L", (size[0] * pitch, pitch))
    for column in range(size[0]):
        row.paste(cell, (column * pitch, 0))
    mask = Image.new("L", (size[0] * pitch, size[1] * pitch))
    for line in range(size[1]):
        mask.paste(row, (0, line * pitch))
    return mask
