"""The committed fonts are what the drawings say, and libraries read them pixel for pixel."""

from __future__ import annotations

import freetype
import pytest
from PIL import Image, ImageDraw, ImageFont

from display_app.fonts.generate import font_files
from display_app.fonts.glyphs import ACCENTED, Drawing, large, medium, small
from display_app.fonts.picture import default_picture, video_sign
from display_app.fonts.provision import ASSETS

FONTS = ASSETS / "fonts"
BITMAP = {"4x6.bdf": small(), "tom-thumb.bdf": small(), "5x7.bdf": medium(), "6x9.bdf": large()}
OUTLINE = {("4x6-font.ttf", 6): small(), ("5by7.regular.ttf", 10): large()}


def test_drawing_again_gives_the_committed_files():
    assert {path.name: path.read_bytes() for path in FONTS.iterdir()} == font_files()


def test_the_committed_picture_is_the_drawn_one():
    with Image.open(ASSETS / "static_images" / "default.png") as picture:
        assert picture.convert("RGB").tobytes() == default_picture().tobytes()
    with Image.open(ASSETS / "youtube_logo.png") as picture:
        assert picture.convert("RGB").tobytes() == video_sign().tobytes()


@pytest.mark.parametrize("drawing", [small(), medium(), large()], ids=lambda drawing: drawing.name)
def test_every_face_has_ascii_latin_1_and_arrows(drawing: Drawing):
    wanted = {chr(code) for code in (*range(32, 127), *range(0xA0, 0x100))} | set(ACCENTED) | set("←↑→↓↗↘▲▼◀▶€…")
    assert wanted - set(drawing.glyphs) == set()


@pytest.mark.parametrize("drawing", [small(), medium(), large()], ids=lambda drawing: drawing.name)
def test_letters_and_digits_differ_from_each_other(drawing: Drawing):
    alike = [(a, b) for a in map(chr, range(33, 127)) for b in map(chr, range(33, 127)) if a < b and drawing.glyphs[a] == drawing.glyphs[b]]
    assert set(alike) <= {("0", "O")}


@pytest.mark.parametrize(("name", "drawing"), BITMAP.items(), ids=BITMAP)
def test_freetype_reads_bitmap_fonts_pixel_for_pixel(name: str, drawing: Drawing):
    face = freetype.Face(str(FONTS / name))
    height = drawing.ascent + drawing.descent
    face.set_char_size(height * 64, height * 64, 72, 72)
    assert (face.size.ascender >> 6, face.size.descender >> 6, face.size.height >> 6) == (drawing.ascent, -drawing.descent, height)
    for char in "Ag4Ä→":
        face.load_char(char, freetype.FT_LOAD_RENDER | freetype.FT_LOAD_TARGET_MONO)
        bitmap = face.glyph.bitmap
        rows = [f"{bitmap.buffer[row * bitmap.pitch]:08b}"[: drawing.width] for row in range(bitmap.rows)]
        assert tuple(row.replace("0", ".").replace("1", "#") for row in rows) == drawing.glyphs[char]
        assert (face.glyph.bitmap_top, face.glyph.bitmap_left, face.glyph.advance.x >> 6) == (drawing.ascent, 0, drawing.advance)


@pytest.mark.parametrize(("file", "drawing"), OUTLINE.items(), ids=[name for name, _ in OUTLINE])
def test_pillow_draws_outline_fonts_pixel_exact(file: tuple[str, int], drawing: Drawing):
    font = ImageFont.truetype(str(FONTS / file[0]), file[1])
    text = "Ag4Ä→ß"
    height = drawing.ascent + drawing.descent
    image = Image.new("L", (drawing.advance * len(text), height))
    ImageDraw.Draw(image).text((0, 0), text, font=font, fill=255)
    expected = [".".join(drawing.glyphs[char][row] for char in text) + "." for row in range(height)]
    assert [image.crop((0, row, image.width, row + 1)).tobytes() for row in range(height)] == [
        bytes(255 if pixel == "#" else 0 for pixel in row) for row in expected
    ]
    assert font.getmetrics() == (drawing.ascent, drawing.descent)


@pytest.mark.parametrize(("file", "drawing"), OUTLINE.items(), ids=[name for name, _ in OUTLINE])
def test_signs_with_little_ink_are_narrow_and_digits_are_not(file: tuple[str, int], drawing: Drawing):
    font = ImageFont.truetype(str(FONTS / file[0]), file[1])
    assert {char: font.getlength(char) for char in ".:!|'"} == dict.fromkeys(".:!|'", 2)
    assert {font.getlength(char) for char in "0123456789AMWgm"} == {drawing.advance}
    assert font.getlength(" ") == (drawing.width + 1) // 2 + 1
