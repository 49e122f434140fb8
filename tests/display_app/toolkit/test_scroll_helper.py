"""The scroll helper against the formulas of contract 1.7."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from display_app.toolkit.scroll_helper import ScrollHelper


class Clock:
    now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def scroll(clock: Clock) -> ScrollHelper:
    return ScrollHelper(64, 32, clock=clock)


def picture(width: int, height: int = 32, color: tuple[int, int, int] = (255, 255, 255)) -> Image.Image:
    return Image.new("RGB", (width, height), color)


def striped(width: int) -> Image.Image:
    """Return a strip whose column number is its red value."""
    image = Image.new("RGB", (width, 32))
    for column in range(width):
        image.paste((column % 256, 0, 0), (column, 0, column + 1, 32))
    return image


def columns(image: Image.Image | None) -> list[int]:
    assert image is not None
    assert (image.mode, image.size) == ("RGB", (64, 32))
    return [int(value) for value in np.asarray(image)[0, :, 0]]


def by_frames(scroll: ScrollHelper, *, speed: float, delay: float) -> None:
    scroll.set_frame_based_scrolling(True)
    scroll.set_scroll_speed(speed)
    scroll.set_scroll_delay(delay)


# -- the strip


@pytest.mark.parametrize(
    ("widths", "gaps", "expected"),
    [
        ([10], {}, 64 + 10 + 16),
        ([10, 20, 30], {}, 64 + 60 + 2 * 32 + 3 * 16),
        ([10, 20], {"item_gap": 5, "element_gap": 1, "lead_gap": 0}, 30 + 5 + 2),
        ([10], {"lead_gap": 7}, 7 + 10 + 16),
    ],
)
def test_the_strips_width(scroll: ScrollHelper, widths: list[int], gaps: dict[str, int], expected: int) -> None:
    strip = scroll.create_scrolling_image([picture(width) for width in widths], **gaps)
    assert strip.size == (expected, 32)
    assert scroll.total_scroll_width == expected
    assert scroll.cached_image is strip
    assert scroll.cached_array is not None
    assert (scroll.cached_array.shape, scroll.cached_array.dtype) == ((32, expected, 3), np.uint8)


def test_pictures_stand_at_the_top_behind_a_panel_of_black(scroll: ScrollHelper) -> None:
    strip = scroll.create_scrolling_image([picture(4, 10), picture(3, 50, (255, 0, 0))], item_gap=2, element_gap=1)
    lit = np.asarray(strip).any(axis=2)
    assert np.flatnonzero(lit.any(axis=0)).tolist() == [64, 65, 66, 67, 71, 72, 73]
    assert np.flatnonzero(lit[:, 64]).tolist() == list(range(10))
    assert np.flatnonzero(lit[:, 71]).tolist() == list(range(32))


def test_no_pictures_are_one_black_panel_of_no_width(scroll: ScrollHelper) -> None:
    strip = scroll.create_scrolling_image([])
    assert (strip.size, strip.getbbox()) == ((64, 32), None)
    assert (scroll.total_scroll_width, scroll.calculated_duration) == (0, scroll.min_duration)
    scroll.update_scroll_position()
    assert scroll.scroll_position == 0
    assert columns(scroll.get_visible_portion()) == [0] * 64


def test_a_finished_strip_is_used_as_it_is_and_none_forgets_it(scroll: ScrollHelper) -> None:
    strip = striped(100)
    scroll.set_scrolling_image(strip)
    assert (scroll.cached_image, scroll.total_scroll_width) == (strip, 100)
    scroll.set_scrolling_image(None)
    assert (scroll.cached_image, scroll.cached_array, scroll.total_scroll_width) == (None, None, 0)
    assert scroll.get_visible_portion() is None


def test_a_strip_in_another_mode_is_shown_in_rgb(scroll: ScrollHelper) -> None:
    scroll.set_scrolling_image(picture(100).convert("RGBA"))
    assert columns(scroll.get_visible_portion()) == [255] * 64


# -- moving


def test_by_time_it_moves_speed_times_seconds(scroll: ScrollHelper, clock: Clock) -> None:
    scroll.set_scroll_speed(50)
    scroll.set_scrolling_image(striped(200))
    clock.now += 0.5
    scroll.update_scroll_position()
    assert (scroll.scroll_position, scroll.total_distance_scrolled) == (25.0, 25.0)
    clock.now += 0.01
    scroll.update_scroll_position()
    assert scroll.scroll_position == pytest.approx(25.5)
    assert columns(scroll.get_visible_portion()) == list(range(25, 89))


def test_by_frames_it_moves_whole_steps_and_keeps_the_rest(scroll: ScrollHelper, clock: Clock) -> None:
    by_frames(scroll, speed=2, delay=0.01)
    scroll.set_scrolling_image(striped(200))
    for elapsed, position in [(0.005, 0), (0.005, 2), (0.025, 6), (0.005, 8), (0.009, 8)]:
        clock.now += elapsed
        scroll.update_scroll_position()
        assert scroll.scroll_position == position


@pytest.mark.parametrize(("delay", "steps"), [(0.01, 4), (0.001, 40), (0.05, 1), (0.5, 1)])
def test_after_a_pause_it_does_not_race(scroll: ScrollHelper, clock: Clock, delay: float, steps: int) -> None:
    by_frames(scroll, speed=1, delay=delay)
    scroll.set_scrolling_image(striped(200))
    clock.now += 10
    scroll.update_scroll_position()
    assert scroll.scroll_position == steps


def test_it_is_complete_when_the_whole_strip_has_passed_and_stays_on_the_last_column(scroll: ScrollHelper, clock: Clock) -> None:
    scroll.set_scroll_speed(100)
    scroll.set_scrolling_image(striped(200))
    clock.now += 1.99
    scroll.update_scroll_position()
    assert (scroll.is_scroll_complete(), scroll.scroll_position) == (False, pytest.approx(199.0))
    clock.now += 0.01
    scroll.update_scroll_position()
    assert (scroll.is_scroll_complete(), scroll.scroll_position) == (True, 199.0)
    clock.now += 5
    scroll.update_scroll_position()
    assert scroll.scroll_position == 199.0


def test_before_that_a_position_set_by_hand_wraps(scroll: ScrollHelper, clock: Clock) -> None:
    scroll.set_scroll_speed(10)
    scroll.set_scrolling_image(striped(100))
    scroll.scroll_position = 95.0
    clock.now += 1
    scroll.update_scroll_position()
    assert (scroll.scroll_position, scroll.scroll_complete) == (5.0, False)


def test_past_the_end_the_head_follows(scroll: ScrollHelper) -> None:
    scroll.set_scrolling_image(striped(100))
    scroll.scroll_position = 90.7
    assert columns(scroll.get_visible_portion()) == [*range(90, 100), *range(54)]


@pytest.mark.parametrize("width", [1, 10, 63, 64])
def test_a_strip_narrower_than_the_panel_repeats(scroll: ScrollHelper, width: int) -> None:
    scroll.set_scrolling_image(striped(width))
    scroll.scroll_position = 5.0 % width
    assert columns(scroll.get_visible_portion()) == [(int(5 % width) + column) % width for column in range(64)]


@pytest.mark.parametrize(("height", "lit_rows"), [(10, 10), (50, 32)])
def test_a_strip_of_another_height_is_padded_or_cut(scroll: ScrollHelper, height: int, lit_rows: int) -> None:
    scroll.set_scrolling_image(picture(100, height))
    portion = scroll.get_visible_portion()
    assert portion is not None
    assert portion.size == (64, 32)
    assert portion.getbbox() == (0, 0, 64, lit_rows)


def test_between_columns_it_blends_when_told_to(scroll: ScrollHelper) -> None:
    scroll.set_scrolling_image(striped(200))
    scroll.set_sub_pixel_scrolling(True)
    scroll.scroll_position = 10.5
    assert columns(scroll.get_visible_portion())[:3] == [10, 12, 12]  # 10.5, 11.5, 12.5 rounded to even


def test_a_portion_is_not_changed_by_the_next(scroll: ScrollHelper) -> None:
    scroll.set_scrolling_image(striped(200))
    first = scroll.get_visible_portion()
    scroll.scroll_position = 9
    scroll.get_visible_portion()
    assert columns(first)[0] == 0


def test_a_picture_assigned_by_hand_is_shown(scroll: ScrollHelper) -> None:
    scroll.cached_image = striped(100)
    assert columns(scroll.get_visible_portion()) == list(range(64))
    scroll.cached_image = None
    assert scroll.get_visible_portion() is None


def test_reset_goes_back_and_starts_the_clock(scroll: ScrollHelper, clock: Clock) -> None:
    scroll.set_scroll_speed(100)
    scroll.set_scrolling_image(striped(100))
    clock.now += 2
    scroll.update_scroll_position()
    clock.now += 100
    scroll.reset()
    assert (scroll.scroll_position, scroll.total_distance_scrolled, scroll.scroll_complete) == (0.0, 0.0, False)
    scroll.update_scroll_position()
    assert scroll.scroll_position == 0.0


# -- settings


@pytest.mark.parametrize(
    ("frames", "speed", "expected"), [(True, 0, 0.1), (True, 50, 5.0), (False, 0, 1.0), (False, 900, 500.0), (False, 50, 50)]
)
def test_speeds_are_limited_by_the_way_of_moving(scroll: ScrollHelper, frames: bool, speed: float, expected: float) -> None:
    scroll.set_frame_based_scrolling(frames)
    scroll.set_scroll_speed(speed)
    assert scroll.scroll_speed == expected


def test_other_limits(scroll: ScrollHelper) -> None:
    scroll.set_scroll_delay(0)
    assert scroll.scroll_delay == 0.001
    scroll.set_scroll_delay(9)
    assert scroll.scroll_delay == 1.0
    scroll.set_target_fps(10)
    assert (scroll.target_fps, scroll.frame_time_target) == (30, 1 / 30)
    scroll.set_target_fps(1000)
    assert scroll.target_fps == 200
    scroll.set_dynamic_duration_settings(min_duration=3, max_duration=1, buffer=7)
    assert (scroll.min_duration, scroll.max_duration, scroll.duration_buffer) == (10, 10, 1.0)


@pytest.mark.parametrize(
    ("frames", "speed", "delay", "width", "expected"),
    [
        (False, 10, 0.001, 436, 55),  # (436 + 64) / 10 * 1.1
        (True, 1, 0.02, 1936, 44),  # (1936 + 64) / 50 * 1.1
        (False, 500, 0.001, 436, 30),
        (False, 1, 0.001, 5000, 300),
    ],
)
def test_durations(scroll: ScrollHelper, frames: bool, speed: float, delay: float, width: int, expected: int) -> None:
    scroll.set_frame_based_scrolling(frames)
    scroll.set_scroll_speed(speed)
    scroll.set_scroll_delay(delay)
    scroll.set_scrolling_image(picture(width))
    assert scroll.get_dynamic_duration() == expected
    scroll.set_dynamic_duration_settings(enabled=False, min_duration=25)
    assert scroll.calculate_dynamic_duration() == 25


def test_the_facts(scroll: ScrollHelper, clock: Clock) -> None:
    assert scroll.get_scroll_info()["elapsed_time"] is None
    scroll.set_scroll_speed(10)
    scroll.set_scrolling_image(picture(100))
    clock.now += 2
    scroll.update_scroll_position()
    assert scroll.get_scroll_info() == {
        "scroll_position": 20.0,
        "total_distance_scrolled": 20.0,
        "required_total_distance": 100,
        "scroll_speed": 10,
        "scroll_delay": 0.001,
        "total_width": 100,
        "is_scrolling": True,
        "scroll_complete": False,
        "dynamic_duration": 30,
        "elapsed_time": 2.0,
        "cached_image_size": (100, 32),
    }


def test_the_defaults(scroll: ScrollHelper) -> None:
    names = "scroll_position total_distance_scrolled scroll_speed scroll_delay total_scroll_width target_fps min_duration max_duration"
    assert [getattr(scroll, name) for name in names.split()] == [0.0, 0.0, 1.0, 0.001, 0, 120, 30, 300]
    assert (scroll.duration_buffer, scroll.calculated_duration, scroll.dynamic_duration_enabled) == (0.1, 60, True)
    assert (scroll.frame_based_scrolling, scroll.sub_pixel_scrolling, scroll.frame_time_target) == (False, False, 1 / 120)


def test_the_frame_rate_is_logged_once_a_minute(scroll: ScrollHelper, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        for _ in range(119):
            scroll.log_frame_rate()
        assert caplog.text == ""
        clock.now += 60
        scroll.log_frame_rate()
    assert "2.0 frames a second" in caplog.text


# -- a strip that grows


def test_content_is_appended_without_moving_the_picture(scroll: ScrollHelper, clock: Clock) -> None:
    scroll.set_scrolling_image(striped(200))
    scroll.set_scroll_speed(50)
    clock.now += 2
    scroll.update_scroll_position()
    before = columns(scroll.get_visible_portion())
    assert scroll.append_content([picture(10), picture(20)], item_gap=5, element_gap=1)
    assert columns(scroll.get_visible_portion()) == before
    assert scroll.total_scroll_width == 200 + 5 + 10 + 1 + 5 + 20 + 1
    assert scroll.remaining_unscrolled() == 242 - 100 - 64


def test_appending_to_nothing_begins_a_strip_and_nothing_is_not_appended(scroll: ScrollHelper) -> None:
    assert not scroll.append_content([])
    assert scroll.remaining_unscrolled() == 0
    assert scroll.append_content([picture(10)])
    assert scroll.total_scroll_width == 64 + 10


def test_a_finished_strip_goes_on_when_it_grows(scroll: ScrollHelper, clock: Clock) -> None:
    scroll.set_scrolling_image(striped(100))
    scroll.set_scroll_speed(500)
    clock.now += 1
    scroll.update_scroll_position()
    assert scroll.is_scroll_complete()
    scroll.append_content([picture(50)])
    assert not scroll.is_scroll_complete()


@pytest.mark.parametrize(("keep", "gone"), [(0, 100), (30, 70), (500, 0), (-5, 100)])
def test_what_has_passed_is_cut_off_unseen(scroll: ScrollHelper, clock: Clock, keep: int, gone: int) -> None:
    scroll.set_scrolling_image(striped(240))
    scroll.set_scroll_speed(50)
    clock.now += 2
    scroll.update_scroll_position()
    before, left = columns(scroll.get_visible_portion()), scroll.remaining_unscrolled()
    assert scroll.drop_scrolled_prefix(keep) == gone
    assert columns(scroll.get_visible_portion()) == before
    assert scroll.remaining_unscrolled() == left
    assert (scroll.total_scroll_width, scroll.total_distance_scrolled) == (240 - gone, 100 - gone)


def test_nothing_is_cut_off_while_the_head_is_on_the_panel(scroll: ScrollHelper, clock: Clock) -> None:
    assert scroll.drop_scrolled_prefix() == 0
    scroll.set_scrolling_image(striped(100))
    scroll.set_scroll_speed(50)
    clock.now += 1
    scroll.update_scroll_position()
    assert scroll.drop_scrolled_prefix() == 0
