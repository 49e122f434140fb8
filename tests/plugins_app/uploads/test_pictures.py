"""What is taken for a picture: what decodes within limits, whatever it is called; everything else is refused with a sentence."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from plugins_app.exceptions import BadRequest
from plugins_app.uploads import pictures
from plugins_app.uploads.pictures import check_picture, thumbnail
from tests.fakes.pictures import bomb, picture


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("BMP", "bmp"), ("GIF", "gif"), ("MPO", "jpg")])
def test_the_suffix_is_that_of_the_real_format(kind: str, suffix: str) -> None:
    assert check_picture(picture(kind)) == suffix


@pytest.mark.parametrize("kind", ["WEBP", "TIFF", "PPM", "PDF"])
def test_other_formats_are_refused(kind: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        check_picture(picture(kind))
    assert refusal.value.code == "picture-invalid"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF"])
def test_half_a_picture_is_refused(kind: str) -> None:
    body = Image.effect_noise((64, 64), 90).convert("RGB")
    made = BytesIO()
    body.save(made, kind)
    with pytest.raises(BadRequest) as refusal:
        check_picture(made.getvalue()[: len(made.getvalue()) // 2])
    assert refusal.value.code == "picture-invalid"


@pytest.mark.parametrize("body", [bomb(2_200), bomb(), bomb(60_000)], ids=["4.8 megapixels", "400 megapixels", "3.6 gigapixels"])
def test_a_decompression_bomb_is_not_decoded(body: bytes) -> None:
    with pytest.raises(BadRequest) as refusal:
        check_picture(body)
    assert refusal.value.code == "picture-too-large"


def test_a_photo_of_a_phone_is_taken() -> None:
    assert check_picture(picture("JPEG", size=(4032, 3024))) == "jpg"


def test_an_animation_is_decoded_whole_and_has_an_end() -> None:
    assert check_picture(picture("GIF", frames=30)) == "gif"
    with pytest.raises(BadRequest) as refusal:
        check_picture(picture("GIF", size=(1000, 1000), frames=60))
    assert refusal.value.code == "picture-too-large"


def test_more_than_five_megabytes_are_refused() -> None:
    with pytest.raises(BadRequest) as refusal:
        check_picture(picture() + b"\0" * pictures.MOST_BYTES)
    assert refusal.value.code == "picture-too-large"


def test_a_thumbnail_is_small_and_made_anew() -> None:
    with Image.open(BytesIO(thumbnail(picture(size=(800, 400))))) as small:
        assert (small.format, small.size) == ("WEBP", (192, 96))


@settings(max_examples=150)
@given(data=st.data(), kind=st.sampled_from(["PNG", "JPEG", "BMP", "GIF"]))
def test_whatever_is_sent_is_a_picture_or_a_refusal(data: st.DataObject, kind: str) -> None:
    body = bytearray(picture(kind, size=(9, 7)))
    for _ in range(data.draw(st.integers(0, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    sent = bytes(body[: data.draw(st.integers(0, len(body)))]) if data.draw(st.booleans()) else bytes(body)
    for look in (check_picture, thumbnail):
        try:
            look(sent)
        except BadRequest as refusal:
            assert refusal.code in ("picture-invalid", "picture-too-large")
