"""Redraws `compat/assets/` from `glyphs/`: run `python -m display_app.fonts.generate` after a change to a drawing; a test holds it."""

from __future__ import annotations

from pathlib import Path

from display_app.fonts.bdf import write_bdf
from display_app.fonts.glyphs import large, medium, small
from display_app.fonts.picture import default_picture, video_sign
from display_app.fonts.provision import ASSETS
from display_app.fonts.ttf import write_ttf


def font_files() -> dict[str, bytes]:
    """Return the content of every font file of ours by its name."""
    drawings = {"4x6.bdf": small(), "tom-thumb.bdf": small(), "5x7.bdf": medium(), "6x9.bdf": large()}
    bitmaps = {name: write_bdf(drawing, family=f"ledsite {name.removesuffix('.bdf')}") for name, drawing in drawings.items()}
    return {
        **{name: text.encode("ascii") for name, text in bitmaps.items()},
        "4x6-font.ttf": write_ttf(small(), family="ledsite 4x6", size=6),
        "5by7.regular.ttf": write_ttf(large(), family="ledsite 5x7", size=10),
    }


def write_assets(target: Path) -> None:
    """Write the fonts and the pictures below a copy of `assets/`."""
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    (target / "static_images").mkdir(parents=True, exist_ok=True)
    for name, content in font_files().items():
        (target / "fonts" / name).write_bytes(content)
    default_picture().save(target / "static_images" / "default.png", optimize=True)
    video_sign().save(target / "youtube_logo.png", optimize=True)


if __name__ == "__main__":
    write_assets(ASSETS)
