"""Remembered text is the same text."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from display_app.fonts.provision import PRESS_START
from display_app.toolkit.text import REMEMBERED, TextRenderer

FONT = ImageFont.truetype(str(PRESS_START), 8)


def by_pil(text: str, place: tuple[float, float], font: Any = FONT, *, fontmode: str = "L") -> bytes:
    image = Image.new("RGB", (64, 32), (10, 20, 30))
    pen = ImageDraw.Draw(image)
    pen.fontmode = fontmode
    pen.text(place, text, font=font, fill=(250, 200, 90))
    return image.tobytes()


@pytest.mark.parametrize("place", [(0, 0), (-7, 3), (40, 28), (3.0, 4.0), (-100, 0)])
@pytest.mark.parametrize("text", ["Hj 12:45", "two\nlines", " ", "", "ÄÖ"])
@pytest.mark.parametrize("fontmode", ["L", "1"])
def test_whole_pixels_are_as_pil_draws_them(text: str, place: tuple[float, float], fontmode: str) -> None:
    image = Image.new("RGB", (64, 32), (10, 20, 30))
    pen = ImageDraw.Draw(image)
    pen.fontmode = fontmode
    TextRenderer().draw(pen, text, *place, font=FONT, color=(250, 200, 90))
    assert image.tobytes() == by_pil(text, place, fontmode=fontmode)


def test_between_pixels_pil_draws_itself() -> None:
    small = ImageFont.load_default(9)
    image = Image.new("RGB", (64, 32), (10, 20, 30))
    TextRenderer().draw(ImageDraw.Draw(image), "Hi", 3.5, 2.25, font=small, color=(250, 200, 90))
    assert image.tobytes() == by_pil("Hi", (3.5, 2.25), small)


def test_a_mask_is_made_once_and_the_memory_is_bounded() -> None:
    renderer = TextRenderer()
    first = renderer._mask("A", FONT, "L")
    assert renderer._mask("A", FONT, "L") is first
    for number in range(REMEMBERED):
        renderer.width(str(number), FONT)
    assert len(renderer._masks) == REMEMBERED
    assert renderer._mask("A", FONT, "L") is not first


def test_two_sizes_of_one_font_are_told_apart() -> None:
    renderer = TextRenderer()
    assert renderer.width("AA", ImageFont.truetype(str(PRESS_START), 16)) == 2 * renderer.width("AA", FONT)
