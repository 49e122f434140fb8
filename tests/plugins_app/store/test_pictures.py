"""Screenshots made anew."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from plugins_app.exceptions import PackageError
from plugins_app.store.pictures import as_webp


def picture(kind: str, size: tuple[int, int] = (64, 32), mode: str = "RGB") -> bytes:
    made = io.BytesIO()
    Image.new(mode, size).save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_common_pictures_become_a_webp(kind: str) -> None:
    made = Image.open(io.BytesIO(as_webp(picture(kind))))
    assert (made.format, made.size) == ("WEBP", (64, 32))


def test_a_large_one_is_made_small() -> None:
    assert Image.open(io.BytesIO(as_webp(picture("PNG", (1536, 768))))).size == (768, 384)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture("PNG")[:60],
        picture("BMP"),
        b"GIF89a" + b"x" * 9,
    ],
    ids=["empty", "svg", "cut", "bmp", "nonsense"],
)
def test_what_is_no_picture_is_refused(body: bytes) -> None:
    with pytest.raises(PackageError) as caught:
        as_webp(body)
    assert caught.value.code == "picture-invalid"


def test_a_photo_is_decoded_small_and_nothing_else_may_be_as_large() -> None:
    assert Image.open(io.BytesIO(as_webp(picture("JPEG", (4000, 3000))))).size == (768, 576)
    for kind in ("PNG", "WEBP", "GIF"):
        with pytest.raises(PackageError):
            as_webp(picture(kind, (2500, 2000)))


def test_too_many_pixels_are_refused_before_they_are_read() -> None:
    with pytest.raises(PackageError):
        as_webp(picture("PNG", (6000, 5000), "1"))
