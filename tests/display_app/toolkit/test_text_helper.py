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


def test_dimensions_and_centre(helper: TextHelper) -> None:
    font = helper.load_fonts()["time"]
    width, height = helper.get_text_dimensions("AB", font)
    assert (width, height) == (helper.get_text_width("AB", font), helper.get_text_height("AB", font))
    assert helper.center_text("AB", font, 64, 32) == ((64 - width) // 2, (32 - height) // 2)


@pytest.mark.parametrize(
    ("text", "width", "lines", "expected"),
    [
        ("one two three", 60, None, ["one two", "three"]),
        ("one", 60, None, ["one"]),
        ("", 60, None, []),
        ("unbreakable a", 40, None, ["unbreakable", "a"]),
        ("one two three four", 60, 2, ["one two", "thre..."]),
        ("one two", 60, 0, []),
    ],
)
def test_wrapping_between_words(helper: TextHelper, text: str, width: int, lines: int | None, expected: list[str]) -> None:
    assert helper.wrap_text(text, helper.load_fonts()["time"], width, lines) == expected


def test_several_lines_below_each_other(helper: TextHelper) -> None:
    font = helper.load_fonts()["time"]
    image = Image.new("RGB", (40, 50))
    helper.draw_multiline_text(ImageDraw.Draw(image), "I\n\nI", (5, 0), font, line_spacing=4, fill=(255, 0, 0))
    step = helper.get_text_height("I", font) + 4
    alone = Image.new("RGB", (40, 50))
    for y in (0, 2 * step):
        helper.draw_text_with_outline(ImageDraw.Draw(alone), "I", (5, y), font, fill=(255, 0, 0))
    assert image.tobytes() == alone.tobytes()


def test_a_picture_of_a_text(helper: TextHelper) -> None:
    font = helper.load_fonts()["time"]
    image = helper.create_text_image("AB", font, background_color=(0, 0, 9), text_color=(255, 0, 0), padding=3)
    width, height = helper.get_text_dimensions("AB", font)
    assert (image.mode, image.size, image.getpixel((0, 0))) == ("RGB", (width + 6, height + 6), (0, 0, 9))
    assert (255, 0, 0) in {color for _, color in image.getcolors() or []}


def test_fonts_are_loaded_once_until_they_are_forgotten(helper: TextHelper) -> None:
    first = helper.load_fonts()["time"]
    assert helper.load_fonts()["team"] is first
    helper.clear_font_cache()
    assert helper.load_fonts()["time"] is not first
