"""What a plugin draws, and what of it reaches the panel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import freetype
import numpy as np
import pytest
from PIL import Image, ImageDraw

from display_app.runtime.canvas import DisplayManager
from display_app.runtime.fonts import FontManager

RED = (255, 0, 0)


@pytest.fixture
def canvas(root: Path, panel: Callable[[Image.Image], None]) -> DisplayManager:
    return _canvas(root, panel)


def _canvas(root: Path, publish: Callable[[Image.Image], None]) -> DisplayManager:
    fonts = FontManager(root / "assets" / "fonts", plugin_id="sample", plugin_folder=root)
    return DisplayManager(64, 32, publish=publish, fonts=fonts)


def lit(image: Image.Image) -> set[tuple[int, int]]:
    rows, columns = np.asarray(image.convert("RGB")).any(axis=2).nonzero()
    return set(zip(columns.tolist(), rows.tolist(), strict=True))


def box(image: Image.Image) -> tuple[int, int, int, int] | None:
    return image.getbbox()


# -- the picture


def test_it_begins_black_and_says_its_size_in_every_way(canvas: DisplayManager) -> None:
    assert (canvas.image.mode, canvas.image.size, box(canvas.image)) == ("RGB", (64, 32), None)
    assert (canvas.width, canvas.height, canvas.matrix.width, canvas.matrix.height) == (64, 32, 64, 32)


def test_drawing_goes_to_an_assigned_image_though_draw_was_not_assigned(canvas: DisplayManager, panel: list[Image.Image]) -> None:
    canvas.image = Image.new("RGB", (64, 32), (0, 0, 9))
    canvas.draw.point((3, 4), fill=RED)
    canvas.update_display()
    assert panel[-1].getpixel((3, 4)) == RED


def test_what_is_no_picture_fails_where_it_is_assigned(canvas: DisplayManager) -> None:
    before = canvas.image
    with pytest.raises(AttributeError):
        canvas.image = None  # type: ignore[assignment]
    assert canvas.image is before


def test_a_plugin_may_draw_with_a_draw_of_its_own(canvas: DisplayManager, panel: list[Image.Image]) -> None:
    canvas.image = Image.new("RGB", (64, 32))
    canvas.draw = ImageDraw.Draw(canvas.image)
    canvas.draw.point((3, 4), fill=RED)
    canvas.update_display()
    assert panel[-1].getpixel((3, 4)) == RED


def test_clear_begins_a_new_picture_and_sends_nothing(canvas: DisplayManager, panel: list[Image.Image]) -> None:
    old = canvas.image
    canvas.draw.rectangle((0, 0, 9, 9), fill=RED)
    canvas.clear()
    assert canvas.image is not old
    assert box(canvas.image) is None
    assert old.getpixel((0, 0)) == RED
    assert panel == []
    canvas.draw.point((1, 1), fill=RED)
    assert lit(canvas.image) == {(1, 1)}


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
@pytest.mark.parametrize("size", [(64, 32), (200, 32), (10, 50), (64, 8)])
def test_a_frame_is_rgb_and_panel_sized_whatever_was_assigned(
    canvas: DisplayManager, panel: list[Image.Image], mode: str, size: tuple[int, int]
) -> None:
    image = Image.new("RGB", size, (255, 255, 255)).convert(mode)
    canvas.image = image
    canvas.update_display()
    frame = panel[-1]
    assert (frame.mode, frame.size) == ("RGB", (64, 32))
    assert frame.getpixel((0, 0)) == (255, 255, 255)
    assert box(frame) == (0, 0, min(64, size[0]), min(32, size[1]))
    assert (canvas.image, canvas.image.size, canvas.image.mode) == (image, size, mode)


def test_a_frame_is_a_copy(canvas: DisplayManager, panel: list[Image.Image]) -> None:
    canvas.update_display()
    canvas.draw.point((0, 0), fill=RED)
    assert box(panel[-1]) is None


def test_a_receiver_that_fails_does_not_break_the_plugin(root: Path) -> None:
    def fail(frame: Image.Image) -> None:
        raise OSError("gone")

    _canvas(root, fail).update_display()


def test_frames_leave_one_after_the_other_though_threads_send_them(root: Path) -> None:
    inside, most = [], []

    def publish(frame: Image.Image) -> None:
        inside.append(frame)
        most.append(len(inside))
        inside.remove(frame)

    canvas = _canvas(root, publish)
    threads = [threading.Thread(target=lambda: [canvas.update_display() for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (200, 1)


def test_capturing_holds_back_frames_of_its_own_thread_alone(canvas: DisplayManager, panel: list[Image.Image]) -> None:
    with canvas.capture_mode():
        canvas.update_display()
        assert panel == []
        other = threading.Thread(target=canvas.update_display)
        other.start()
        other.join()
    assert len(panel) == 1
    canvas.update_display()
    assert len(panel) == 2


def test_another_render_size_is_put_back_with_the_picture(canvas: DisplayManager) -> None:
    before = canvas.image
    with canvas.render_size(40):
        assert (canvas.width, canvas.matrix.height, canvas.image.size) == (40, 32, (40, 32))
    assert (canvas.width, canvas.image) == (64, before)
    canvas.draw.point((63, 31), fill=RED)
    assert before.getpixel((63, 31)) == RED


def test_a_plugin_may_assign_image_and_draw_and_the_end_clears_both(canvas: DisplayManager, panel: list[Image.Image]) -> None:
    image = Image.new("RGB", (64, 32))
    canvas.image, canvas.draw = image, ImageDraw.Draw(image)
    canvas.draw.point((5, 5), fill=RED)
    canvas.update_display()
    assert lit(panel[-1]) == {(5, 5)}
    canvas.cleanup()
    assert (box(canvas.image), len(panel)) == (None, 1)


def test_sending_leaves_the_picture_as_it_is(canvas: DisplayManager) -> None:
    canvas.image = wide = Image.new("RGBA", (90, 40), RED)
    before = wide.tobytes()
    canvas.update_display()
    assert (canvas.image is wide, wide.tobytes() == before) == (True, True)


def test_what_scrolls_and_waits_is_told(canvas: DisplayManager) -> None:
    canvas.set_scrolling_state(True)
    canvas.defer_update(lambda: None, priority=1)
    assert (canvas.is_currently_scrolling(), canvas.get_scrolling_stats()) == (True, {"is_scrolling": True, "deferred_count": 1})


# -- text


def fonts_of(canvas: DisplayManager) -> list[Any]:
    return [canvas.regular_font, canvas.extra_small_font, canvas.bdf_5x7_font]


def test_the_fonts_are_there(canvas: DisplayManager) -> None:
    assert canvas.font is canvas.regular_font is canvas.small_font
    assert canvas.regular_font.getname()[0] == "Press Start 2P"
    assert (canvas.regular_font.size, canvas.extra_small_font.size) == (8, 6)
    assert isinstance(canvas.calendar_font, freetype.Face)
    assert canvas.calendar_font is canvas.bdf_5x7_font


def test_without_font_files_text_is_drawn_with_the_default_font(tmp_path: Path, panel: list[Image.Image]) -> None:
    canvas = _canvas(tmp_path, panel)  # type: ignore[arg-type]
    canvas.draw_text("Hi", x=0, y=0)
    assert box(canvas.image) is not None
    assert canvas.calendar_font is canvas.small_font


def test_text_has_the_pixels_of_pil(canvas: DisplayManager) -> None:
    canvas.draw_text("Åg 12:45", x=2, y=3, color=(255, 130, 7))
    expected = Image.new("RGB", (64, 32))
    ImageDraw.Draw(expected).text((2, 3), "Åg 12:45", font=canvas.regular_font, fill=(255, 130, 7))
    assert canvas.image.tobytes() == expected.tobytes()


@pytest.mark.parametrize("index", [0, 1, 2])
def test_x_is_the_left_edge_the_centre_or_the_middle_of_the_panel(canvas: DisplayManager, index: int) -> None:
    font = fonts_of(canvas)[index]
    width = canvas.get_text_width("HI", font)

    def left(**place: Any) -> int:
        canvas.clear()
        canvas.draw_text("HI", y=4, font=font, color=RED, **place)
        edges = box(canvas.image)
        assert edges is not None
        return edges[0]

    at_zero = left(x=0)
    assert left(x=20) == 20 + at_zero
    assert left(x=30, centered=True) == 30 - width // 2 + at_zero
    assert left() == left(x=None, centered=True) == (64 - width) // 2 + at_zero


@pytest.mark.parametrize("index", [0, 1, 2])
def test_y_is_the_top_of_the_text_and_zero_by_default(canvas: DisplayManager, index: int) -> None:
    font = fonts_of(canvas)[index]
    canvas.draw_text("H", x=0, font=font)
    first = box(canvas.image)
    canvas.clear()
    canvas.draw_text("H", x=0, y=5, font=font)
    second = box(canvas.image)
    assert first is not None and second is not None
    assert 0 <= first[1] <= 2
    assert second[1] == first[1] + 5


def test_a_bitmap_font_is_drawn_bit_by_bit_from_its_ascender(canvas: DisplayManager) -> None:
    face = canvas.bdf_5x7_font
    expected, pen = set(), 10
    for character in "Ag!":
        face.load_char(character)
        bitmap, glyph = face.glyph.bitmap, face.glyph
        for row in range(bitmap.rows):
            for column in range(bitmap.width):
                if bitmap.buffer[row * bitmap.pitch + column // 8] & (0x80 >> (column % 8)):
                    expected.add((pen + glyph.bitmap_left + column, 6 + (face.size.ascender >> 6) - glyph.bitmap_top + row))
        pen += glyph.advance.x >> 6
    canvas._draw_bdf_text("Ag!", 10, 6, color=RED)
    assert lit(canvas.image) == expected
    assert canvas.get_text_width("Ag!", face) == pen - 10
    assert {canvas.image.getpixel(place) for place in expected} == {RED}


def test_text_over_the_edge_is_cut_off(canvas: DisplayManager) -> None:
    for font in fonts_of(canvas):
        canvas.draw_text("WWWWWWWWWWWWWWWWWWWW", x=-20, y=-3, font=font)
        canvas.draw_text("W", x=500, y=500, font=font)
    assert box(canvas.image) is not None


@pytest.mark.parametrize(
    "arguments",
    [{"color": "no such colour"}, {"font": "no font"}, {"x": "left"}, {"y": object()}, {"color": (1, 2, 3, 4, 5, 6)}],
)
def test_what_cannot_be_drawn_is_left_out(canvas: DisplayManager, arguments: dict[str, Any]) -> None:
    canvas.draw_text("Hi", **{"x": 0, "y": 0, **arguments})
    canvas.draw_text(None)  # type: ignore[arg-type]
    assert box(canvas.image) is None


def test_a_colour_may_be_a_list_as_json_has_it(canvas: DisplayManager) -> None:
    canvas.draw_text("H", x=0, y=0, color=[255, 0, 0])
    assert {canvas.image.getpixel(place) for place in lit(canvas.image)} == {RED}


def test_small_font_chooses_the_attribute_that_a_plugin_may_have_replaced(canvas: DisplayManager) -> None:
    canvas.small_font = canvas.extra_small_font
    canvas.draw_text("H", x=0, y=0, small_font=True)
    small = lit(canvas.image)
    canvas.clear()
    canvas.draw_text("H", x=0, y=0, font=canvas.extra_small_font)
    assert small == lit(canvas.image)


def test_what_cannot_be_measured_has_no_width(canvas: DisplayManager) -> None:
    assert canvas.get_text_width("Hi", "no font") == 0  # type: ignore[arg-type]
    assert canvas.get_text_width("", canvas.font) == 0
    assert canvas.get_text_width("", canvas.bdf_5x7_font) == 0


def test_line_heights(canvas: DisplayManager) -> None:
    ascent, descent = canvas.font.getmetrics()
    assert canvas.get_font_height(canvas.font) == ascent + descent
    assert canvas.get_font_height(canvas.bdf_5x7_font) == canvas.bdf_5x7_font.size.height >> 6
    assert canvas.get_font_height(None) == 8  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (1, "Aug 1st"),
        (2, "Aug 2nd"),
        (3, "Aug 3rd"),
        (4, "Aug 4th"),
        (11, "Aug 11th"),
        (13, "Aug 13th"),
        (22, "Aug 22nd"),
        (30, "Aug 30th"),
    ],
)
def test_dates_with_ordinals(canvas: DisplayManager, day: int, expected: str) -> None:
    assert canvas.format_date_with_ordinal(date(2026, 8, day)) == expected
