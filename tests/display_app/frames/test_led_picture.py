"""A picture of a panel: lit lamps have their colour in the middle, the gaps are dark."""

from __future__ import annotations

from PIL import Image

from display_app.frames.led_picture import BOARD, UNLIT, led_picture


def test_lamps_are_round_and_have_their_colour():
    image = Image.new("RGB", (4, 2))
    image.putpixel((1, 0), (0, 200, 0))
    picture = led_picture(image, pitch=10, border=1)
    assert picture.size == (60, 40)
    red, green, blue = picture.getpixel((25, 15))
    assert (red, blue) == (UNLIT[0], UNLIT[2])
    assert green > 200
    assert max(picture.getpixel((20, 10))) < 60  # the corner between lamps
    assert picture.getpixel((55, 25)) == BOARD
    assert all(abs(a - b) <= 2 for a, b in zip(picture.getpixel((45, 25)), UNLIT, strict=True))
