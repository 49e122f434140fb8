"""The fonts of tickers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from display_app.fonts.provision import provision_fonts
from display_app.toolkit.text_helper import TextHelper


@pytest.fixture
def helper(tmp_path: Path) -> TextHelper:
    provision_fonts(tmp_path)
    return TextHelper(tmp_path)


def test_the_usual_set(helper: TextHelper) -> None:
    fonts = helper.load_fonts()
    assert {name: font.size for name, font in fonts.items()} == {"score": 10, "time": 8, "team": 8, "status": 6, "detail": 6, "rank": 10}
    assert fonts["score"].getname()[0] == "Press Start 2P"


def test_a_set_of_ones_own_with_a_missing_file(helper: TextHelper) -> None:
    fonts = helper.load_fonts({"title": {"file": "PressStart2P-Regular.ttf", "size": 16}, "gone": {"file": "gone.ttf", "size": 9}})
    assert fonts["title"].size == 16
    assert isinstance(fonts["gone"], ImageFont.FreeTypeFont)


def test_the_default_folder_is_that_of_the_root(helper: TextHelper) -> None:
    assert TextHelper().font_dir == Path("assets/fonts")


def test_measuring(helper: TextHelper) -> None:
    font = helper.load_fonts()["time"]
    assert helper.get_text_width("AB", font) == font.getbbox("AB")[2] - font.getbbox("AB")[0]
    assert helper.get_text_height("AB", font) == sum(font.getmetrics())


def test_an_outline_is_one_pixel_around(helper: TextHelper) -> None:
    font = helper.load_fonts()["time"]
    plain, outlined = (Image.new("RGB", (30, 30), (0, 0, 90)) for _ in range(2))
    ImageDraw.Draw(plain).text((10, 10), "I", font=font, fill=(255, 255, 255))
    helper.draw_text_with_outline(ImageDraw.Draw(outlined), "I", (10, 10), font)
    left, top, right, bottom = plain.convert("L").point(lambda value: 255 * (value > 60)).getbbox() or (0, 0, 0, 0)
    black = outlined.convert("L").point(lambda value: 255 * (value == 0)).getbbox()
    assert black == (left - 1, top - 1, right + 1, bottom + 1)
    assert outlined.getcolors() is not None and len(outlined.getcolors() or []) == 3
