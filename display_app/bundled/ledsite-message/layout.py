"""How a text stands on a panel: in which size, and on how many lines, or that it must scroll."""

from __future__ import annotations

from dataclasses import dataclass

from lettering import lettering
from PIL import Image

CAPITALS, PITCH = 7, 10  # rows of a capital letter and of a line with its distance, before enlarging
MARGIN = 2
SCALES = ((6, 128), (4, 96), (3, 48), (2, 24), (1, 0))  # enlargement, from which height on


@dataclass(frozen=True)
class Still:
    """A text that fits."""

    lines: list[str]
    scale: int


def best_scale(height: int) -> int:
    """Return the enlargement that suits a panel of that height."""
    return next(scale for scale, least in SCALES if height >= least)


def arrange(text: str, *, width: int, height: int) -> Still | None:
    """Return the largest setting in which the text stands still, None when it is too long for any that can be read from afar."""
    best = best_scale(height)
    for scale in (scale for scale, _ in SCALES if min(best, 2) <= scale <= best):
        lines = _wrap(text, scale, width - 2 * MARGIN)
        fits = all(lettering(line, scale).width <= width - 2 * MARGIN for line in lines)
        if fits and (PITCH * len(lines) - PITCH + CAPITALS) * scale <= height - 2 * MARGIN:
            return Still(lines, scale)
    return None


def draw_lines(lines: list[str], scale: int, color: tuple[int, int, int], *, width: int, height: int) -> Image.Image:
    """Return the lines in the middle of a picture; capitals are centred by height, so that nothing moves when letters hang below."""
    image = Image.new("RGB", (width, height))
    top = (height - (PITCH * len(lines) - PITCH + CAPITALS) * scale) // 2
    for number, line in enumerate(lines):
        mask = lettering(line, scale)
        image.paste(color, ((width - mask.width) // 2, top + number * PITCH * scale), mask)
    return image


def _wrap(text: str, scale: int, room: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or lettering(longer, scale).width <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
