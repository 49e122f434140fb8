"""Black in pictures for the ticker: whether one is blank, and how much of its ends is only black. Pure."""

from __future__ import annotations

from PIL import Image

INK = 10  # the brightest channel of a pixel that counts as drawn is above this
BRIGHT, LIT_SHARE = 15, 0.005
PADDING, NARROWEST = 8, 8


def is_blank(picture: Image.Image) -> bool:
    """Tell whether less than half a percent of a picture is lit."""
    counts = picture.histogram()
    lit = sum(sum(counts[channel * 256 + BRIGHT : channel * 256 + 256]) for channel in range(3))
    return lit < LIT_SHARE * picture.width * picture.height * 3


def trimmed(picture: Image.Image) -> Image.Image | None:
    """Return a picture with a little black on both sides of what is drawn; None when that is too narrow to be anything."""
    found = _drawn_columns(picture)
    if found is None or found[1] - found[0] < NARROWEST:
        return None
    return picture.crop((max(0, found[0] - PADDING), 0, min(picture.width, found[1] + PADDING), picture.height))


def cut_black_ends(picture: Image.Image, *, most: int) -> Image.Image:
    """Return a strip without its black ends, of which at most `most` pixels each are taken off."""
    found = _drawn_columns(picture)
    if found is None:
        return picture
    return picture.crop((min(found[0], most), 0, max(found[1], picture.width - most), picture.height))


def _drawn_columns(picture: Image.Image) -> tuple[int, int] | None:
    red, green, blue = (band.point(lambda value: 255 if value > INK else 0) for band in picture.split())
    boxes = [box for box in (band.getbbox() for band in (red, green, blue)) if box is not None]
    return (min(box[0] for box in boxes), max(box[2] for box in boxes)) if boxes else None
