"""What browsers get is the frame, pixel for pixel."""

from __future__ import annotations

import base64
import io
import json
import random
import zlib

import pytest
from PIL import Image

from display_app.frames.bus import Frame
from display_app.frames.encoding import encode_event, encode_frame_event, encode_png, png_etag

RGB = random.Random(5).randbytes(6 * 4 * 3)
FRAME = Frame(number=9, width=6, height=4, brightness=70, rgb=RGB, hardware_generation=0)


@pytest.mark.parametrize("scale", [1, 3, 16])
def test_a_png_has_every_pixel_as_a_square(scale: int):
    picture = Image.open(io.BytesIO(encode_png(FRAME, scale=scale)))
    expected = Image.frombytes("RGB", (6, 4), RGB).resize((6 * scale, 4 * scale), Image.Resampling.NEAREST)
    assert (picture.mode, picture.size, picture.tobytes()) == ("RGB", expected.size, expected.tobytes())


@pytest.mark.parametrize("scale", [0, 17, -1])
def test_it_refuses_other_scales(scale: int):
    with pytest.raises(ValueError, match="scale"):
        encode_png(FRAME, scale=scale)


def test_the_tag_follows_pixels_and_scale_only():
    same = Frame(number=10, width=6, height=4, brightness=10, rgb=RGB, hardware_generation=1)
    other = Frame(number=9, width=6, height=4, brightness=70, rgb=bytes(72), hardware_generation=0)
    assert png_etag(FRAME) == png_etag(same)
    assert len({png_etag(FRAME), png_etag(other), png_etag(FRAME, scale=2)}) == 3


def test_a_frame_event_carries_the_pixels():
    event = encode_frame_event(FRAME).decode()
    name, data, *rest = event.split("\n")
    values = json.loads(data.removeprefix("data: "))
    assert (name, rest) == ("event: frame", ["", ""])
    assert zlib.decompress(base64.b64decode(values.pop("rgb"))) == RGB
    assert values == {"number": 9, "width": 6, "height": 4, "brightness": 70}


def test_an_event_is_one_line_of_json():
    assert encode_event("beat", {"alive": True}) == b'event: beat\ndata: {"alive":true}\n\n'
