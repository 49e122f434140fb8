"""What an installed plugin draws when the web is recorded: `renderplugin ID --answers FILE` in the running product."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageSequence

from tests.fakes.product import Product
from tests.real_plugins.settings import ANSWERS

SECONDS = "3"


def draw_answered(product: Product, plugin_id: str) -> str:
    """Draw every mode of an installed plugin and say how many are lit, or why it cannot be drawn."""
    folder = product.folder / "answered" / plugin_id
    folder.mkdir(parents=True)
    answers = ANSWERS / f"{plugin_id}.json"
    recorded = ["--answers", str(answers)] if answers.is_file() else []
    try:
        product.manage("renderplugin", plugin_id, "--out", str(folder / "{mode}.webp"), "--seconds", SECONDS, *recorded)
    except AssertionError as error:
        return f"not drawn: {' '.join(str(error).split())[-300:]}"
    drawn = sorted(folder.glob("*.webp"))
    return f"answered: {sum(map(_is_lit, drawn))} of {len(drawn)} pictures lit"


def _is_lit(path: Path) -> bool:
    with Image.open(path) as picture:
        return any(frame.convert("RGB").getbbox() is not None for frame in ImageSequence.Iterator(picture))
