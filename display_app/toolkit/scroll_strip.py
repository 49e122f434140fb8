"""The strip of a scroll as pixels: joining pictures to one, and cutting the panel's window out of it. Lengths are pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


def join(pictures: Sequence[Image.Image], *, height: int, lead: int, item_gap: int, element_gap: int) -> Image.Image:
    """Return `lead` black, then each picture with `element_gap` behind it and `item_gap` between; nothing is resized."""
    widths = sum(picture.width for picture in pictures)
    strip = Image.new("RGB", (lead + widths + item_gap * (len(pictures) - 1) + element_gap * len(pictures), height))
    x = lead
    for picture in pictures:
        strip.paste(picture, (x, 0))
        x += picture.width + element_gap + item_gap
    return strip


def pixels(strip: Image.Image) -> Pixels:
    """Return a strip as an array of height x width x 3."""
    return np.array(strip.convert("RGB"))


def window(strip: Pixels, position: float, *, width: int, height: int, blend: bool) -> Image.Image:
    """Return what a panel shows at `position`, the strip's head following its end; with `blend`, mixed between two columns."""
    start = int(position)
    part = _columns(strip, start, width, height)
    share = position - start
    if blend and share > 0:
        part = np.rint(part * (1 - share) + _columns(strip, start + 1, width, height) * share).astype(np.uint8)
    return Image.frombytes("RGB", (width, height), part.tobytes())


def _columns(strip: Pixels, start: int, width: int, height: int) -> Pixels:
    length = strip.shape[1]
    start %= max(1, length)
    if strip.shape[0] == height and start + width <= length:
        return strip[:, start : start + width]
    portion = np.zeros((height, width, 3), dtype=np.uint8)
    rows = min(height, strip.shape[0])
    portion[:rows] = strip[:rows, np.arange(start, start + width) % max(1, length)]
    return portion
