"""What counts as a picture: it is decoded once, within limits of bytes, pixels and frames, before anybody keeps it (pure)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, UnidentifiedImageError

from plugins_app.exceptions import BadRequest

MIB = 1024 * 1024
MOST_BYTES = 5 * MIB
MOST_PIXELS = 12_500_000  # a phone's photo
MOST_DECODED = 4_000_000  # what has to be in memory at once: a photo is decoded at a half or less
MOST_IN_ALL = 50_000_000  # the pixels of all frames together
MOST_FRAMES = 2_000
THUMBNAIL = (192, 192)
SUFFIXES = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "BMP": "bmp", "GIF": "gif"}
FORMATS = ("PNG", "JPEG", "BMP", "GIF")
HINT = "Send a PNG, JPEG, BMP or GIF of at most 5 MB."


def check_picture(body: bytes) -> str:
    """Decode a picture and return the suffix of its real format; BadRequest `picture-invalid`, `picture-too-large`."""
    if len(body) > MOST_BYTES:
        raise _too_large("it has more than 5 MB")
    with _words(), Image.open(io.BytesIO(body), formats=FORMATS) as image:
        suffix = SUFFIXES[str(image.format)]
        _make_small(image)
        image.load()
        if suffix == "gif":
            _check_frames(image)
    return suffix


def thumbnail(body: bytes) -> bytes:
    """Return the first frame of a picture as a small WebP, made anew: nobody's bytes reach a browser."""
    with _words(), Image.open(io.BytesIO(body), formats=FORMATS) as image:
        _make_small(image)
        small = image.convert("RGBA" if image.has_transparency_data else "RGB")
        small.thumbnail(THUMBNAIL)
        made = io.BytesIO()
        small.save(made, "WEBP", quality=80)
    return made.getvalue()


def _make_small(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_large("it has too many pixels")
    image.draft("RGB", (1024, 1024))  # a JPEG can be decoded at a fraction of its size
    if image.width * image.height > MOST_DECODED:
        raise _too_large("it has too many pixels")


def _check_frames(image: Image.Image) -> None:
    pixels, frame = image.width * image.height, 0
    try:
        while True:
            frame += 1
            if frame > MOST_FRAMES or frame * pixels > MOST_IN_ALL:
                raise _too_large("its animation is too long")
            image.seek(frame)
            image.load()
    except EOFError:
        return


@contextmanager
def _words() -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large("it has too many pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, OverflowError) as error:
        raise BadRequest("This is not a picture that can be shown.", code="picture-invalid", hint=HINT) from error


def _too_large(reason: str) -> BadRequest:
    return BadRequest(f"The picture is too large: {reason}.", code="picture-too-large", hint="Make it smaller; the panel has few pixels.")
