"""Turns shots into files: PNG for one picture, WebP and GIF for many, plain or as a panel of lamps."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from display_app.authoring.rendering import Shot
from display_app.frames.led_picture import led_picture

SHORTEST_MS = 20
FORMATS = {".png": "PNG", ".webp": "WEBP", ".gif": "GIF"}


def enlarge(image: Image.Image, *, scale: int, led: bool = False) -> Image.Image:
    """Return a picture with `scale` pixels for each of the panel's, square or as round lamps."""
    if led:
        return led_picture(image, pitch=scale)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST) if scale > 1 else image


def encode(shots: list[Shot], *, seconds: float, suffix: str, scale: int = 1, led: bool = False) -> bytes:
    """Return a file of the kind that `suffix` names; a PNG shows the last picture, the others move as the panel did."""
    if not shots:
        raise ValueError("there is no picture")
    kind = FORMATS[suffix]
    chosen = shots[-1:] if kind == "PNG" else shots
    images = [enlarge(shot.image, scale=scale, led=led) for shot in chosen]
    ends = [shot.at for shot in chosen[1:]] + [max(seconds, chosen[-1].at)]
    times = [max(SHORTEST_MS, round((end - shot.at) * 1000)) for shot, end in zip(chosen, ends, strict=True)]
    file = BytesIO()
    if len(images) == 1:
        images[0].save(file, kind, **({"lossless": True} if kind == "WEBP" else {}))
    elif kind == "WEBP":
        images[0].save(file, kind, save_all=True, append_images=images[1:], duration=times, loop=0, lossless=True, method=3)
    else:
        images[0].save(file, kind, save_all=True, append_images=images[1:], duration=times, loop=0, disposal=1)
    return file.getvalue()
