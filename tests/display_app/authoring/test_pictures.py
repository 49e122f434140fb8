"""Shots as files."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from display_app.authoring.pictures import encode
from display_app.authoring.rendering import Shot

SHOTS = [Shot(0.0, Image.new("RGB", (8, 4), "red")), Shot(0.25, Image.new("RGB", (8, 4), "blue"))]


def opened(body: bytes) -> Image.Image:
    return Image.open(BytesIO(body))


@pytest.mark.parametrize("suffix", [".webp", ".gif"])
def test_an_animation_shows_every_picture_as_long_as_the_panel_did(suffix):
    image = opened(encode(SHOTS, seconds=1.0, suffix=suffix))
    durations = []
    for number in range(image.n_frames):
        image.seek(number)
        image.load()
        durations.append(image.info["duration"])
    assert (image.size, durations) == ((8, 4), [250, 750])


def test_a_png_shows_the_last_picture():
    image = opened(encode(SHOTS, seconds=1.0, suffix=".png", scale=3))
    assert (image.size, image.getpixel((0, 0))) == ((24, 12), (0, 0, 255))


def test_lamps_have_a_border_of_board():
    assert opened(encode(SHOTS[:1], seconds=1.0, suffix=".png", scale=8, led=True)).size == (80, 48)


def test_no_picture_is_no_file():
    with pytest.raises(ValueError, match="no picture"):
        encode([], seconds=1.0, suffix=".png")
