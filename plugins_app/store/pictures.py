"""A screenshot made anew: what was fetched is decoded, made small and written as a WebP, so that nobody's bytes reach a browser (pure)."""

from __future__ import annotations

import io

from PIL import Image, UnidentifiedImageError

from plugins_app.exceptions import PackageError

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MOST_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 12_500_000
MOST_DECODED = 4_000_000
"""What is decoded takes up to 22 bytes a pixel meanwhile: a few kilobytes must not be able to fill a Pi's memory."""
LARGEST = (768, 768)


def as_webp(body: bytes) -> bytes:
    """Return the first picture of a body as a WebP of at most 768 pixels; PackageError `picture-invalid`."""
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as image:
            _check_size(image, MOST_PIXELS)
            image.draft("RGB", LARGEST)  # a JPEG can be decoded small, and photos are large
            _check_size(image, MOST_DECODED)
            small = image.convert("RGBA" if image.has_transparency_data else "RGB")
        small.thumbnail(LARGEST)
        made = io.BytesIO()
        small.save(made, "WEBP", quality=85)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _invalid("it is no picture") from error
    return made.getvalue()


def _check_size(image: Image.Image, most: int) -> None:
    if image.width * image.height > most:
        raise _invalid("it has too many pixels")


def _invalid(reason: str) -> PackageError:
    return PackageError(f"The screenshot cannot be shown: {reason}.", code="picture-invalid", hint="Its author has to replace it.")
