"""How one picture becomes another: each kind is a function of two pictures and how far it is. Pure.

Pictures are RGB bytes, rows from the top; `progress` goes from 0 (all old) to 1 (all new).
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

CUT, FADE, SLIDE, WIPE = "cut", "fade", "slide", "wipe"
FRAME_SECONDS = 1 / 60
SHORTEST_SECONDS, LONGEST_SECONDS = 0.1, 3.0


def blend(kind: str, old: bytes, new: bytes, *, progress: float, size: tuple[int, int]) -> bytes:
    """Return the picture between two others; an unknown kind is a cut."""
    mix = MIXES.get(kind)
    if mix is None or progress >= 1 or old == new:
        return new
    if progress <= 0:
        return old
    return mix(Image.frombuffer("RGB", size, old), Image.frombuffer("RGB", size, new), progress).tobytes()


def _fade(old: Image.Image, new: Image.Image, progress: float) -> Image.Image:
    return Image.blend(old, new, progress)


def _slide(old: Image.Image, new: Image.Image, progress: float) -> Image.Image:
    """Push the old picture out to the left."""
    moved = round(old.width * progress)
    result = Image.new("RGB", old.size)
    result.paste(old, (-moved, 0))
    result.paste(new, (old.width - moved, 0))
    return result


def _wipe(old: Image.Image, new: Image.Image, progress: float) -> Image.Image:
    """Uncover the new picture from the left."""
    result = old.copy()
    result.paste(new.crop((0, 0, round(old.width * progress), old.height)), (0, 0))
    return result


MIXES: dict[str, Callable[[Image.Image, Image.Image, float], Image.Image]] = {FADE: _fade, SLIDE: _slide, WIPE: _wipe}
KINDS = (CUT, *MIXES)
