"""What a plugin has for the ticker: its pictures, else its strip, else what it draws; cut, joined, bounded; nothing reaches the panel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from display_app.runtime.base_plugin import VegasDisplayMode
from display_app.runtime.canvas import DisplayManager
from display_app.runtime.fonts import FontManager
from display_app.runtime.picture_edges import cut_black_ends, is_blank, trimmed
from display_app.runtime.ticker_content import NOTHING, OUT_OF_IT, ContentWish, TickerContent, renewed_content, ticker_content

WIDTH, HEIGHT = 64, 16
RED = (200, 0, 0)
UNCUT = ContentWish(trim=False)


def block(width: int, height: int = HEIGHT, *, at: int = 0, of: int = 0, mode: str = "RGB") -> Image.Image:
    picture = Image.new(mode, (of or width, height))
    picture.paste(RED, (at, 0, at + width, height))
    return picture


class Sample:
    """A plugin that has what the test gives it."""

    def __init__(self, canvas: DisplayManager, **hooks: Any) -> None:
        self.canvas = canvas
        self.drawn = 0
        self.widths: list[int] = []
        for name, value in hooks.items():
            setattr(self, name, value)

    def display(self, force_clear: bool = False) -> None:
        self.drawn += 1
        self.widths.append(self.canvas.width)
        self.canvas.image.paste(RED, (4, 0, self.canvas.width - 4, HEIGHT))
        self.canvas.update_display()


@pytest.fixture
def published() -> list[Image.Image]:
    return []


@pytest.fixture
def canvas(root: Path, published: list[Image.Image]) -> DisplayManager:
    fonts = FontManager(root / "assets" / "fonts", plugin_id="sample", plugin_folder=root)
    return DisplayManager(WIDTH, HEIGHT, publish=published.append, fonts=fonts)


@pytest.fixture
def collect(canvas: DisplayManager) -> Callable[..., TickerContent]:
    def run(wish: ContentWish = UNCUT, *, config: dict[str, Any] | None = None, **hooks: Any) -> TickerContent:
        return ticker_content(Sample(canvas, **hooks), canvas, wish, config=config or {})

    return run


def size(content: TickerContent) -> tuple[int, int]:
    assert content.picture is not None and content.picture.mode == "RGB"
    return content.picture.size


def test_its_own_pictures_are_joined_with_gaps_in_rgb_and_at_panel_height(collect: Callable[..., TickerContent]) -> None:
    found = collect(
        get_vegas_content=lambda: [block(20), "words", block(30, 8), block(10, mode="RGBA")], get_vegas_content_type=lambda: "multi"
    )
    assert (found.way, size(found)) == ("scroll", (20 + 8 + 30 + 8 + 10, HEIGHT))


@pytest.mark.parametrize(
    ("hooks", "way"),
    [
        ({}, "fixed"),
        ({"get_vegas_content_type": lambda: "multi"}, "scroll"),
        ({"get_vegas_display_mode": lambda: VegasDisplayMode.STATIC}, "static"),
        ({"get_vegas_display_mode": lambda: VegasDisplayMode.STATIC, "get_vegas_content_type": lambda: "none"}, "static"),
        ({"get_vegas_display_mode": lambda: "sideways"}, "fixed"),
        ({"get_vegas_display_mode": lambda: 1 / 0}, "fixed"),
    ],
)
def test_the_way_is_what_the_plugin_says_else_by_its_content(
    collect: Callable[..., TickerContent], hooks: dict[str, Any], way: str
) -> None:
    found = collect(**hooks)
    assert (found.way, size(found)) == (way, (WIDTH, HEIGHT))


def test_a_person_s_way_counts_more(collect: Callable[..., TickerContent]) -> None:
    assert collect(ContentWish(way="static"), get_vegas_display_mode=lambda: VegasDisplayMode.SCROLL).way == "static"


def test_who_has_none_stays_out(collect: Callable[..., TickerContent]) -> None:
    found = collect(get_vegas_content_type=lambda: "none")
    assert (found.picture, found.reason) == (None, OUT_OF_IT)


def test_its_strip_is_taken_without_its_black_ends(collect: Callable[..., TickerContent]) -> None:
    strip = block(300, at=WIDTH, of=WIDTH + 300 + 20)
    assert size(collect(scroll_helper=SimpleNamespace(cached_image=strip))) == (300, HEIGHT)


def test_a_strip_that_is_missing_is_built(collect: Callable[..., TickerContent]) -> None:
    helper = SimpleNamespace(cached_image=None)
    found = collect(scroll_helper=helper, _create_scrolling_display=lambda: setattr(helper, "cached_image", block(200)))
    assert size(found) == (200, HEIGHT)


def test_what_it_draws_is_captured_at_the_width_that_is_wanted_and_never_published(
    canvas: DisplayManager, published: list[Image.Image]
) -> None:
    before = canvas.image
    plugin = Sample(canvas)
    found = ticker_content(plugin, canvas, ContentWish(width_percent=50, trim=True), config={})
    assert (size(found), plugin.widths) == ((32, HEIGHT), [32])
    assert size(ticker_content(plugin, canvas, ContentWish(), config={"vegas_width_pct": 75})) == (48, HEIGHT)
    assert published == [] and canvas.image is before and canvas.width == WIDTH


def test_a_black_picture_is_asked_for_again_and_then_nothing(collect: Callable[..., TickerContent], canvas: DisplayManager) -> None:
    asked: list[bool] = []
    found = collect(display=lambda force_clear: asked.append(force_clear))
    assert (asked, found.picture, found.reason) == ([False, True], None, NOTHING)


def test_an_exception_of_display_passes_through(collect: Callable[..., TickerContent], canvas: DisplayManager) -> None:
    def display(force_clear: bool) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        collect(display=display)
    assert canvas.width == WIDTH


def test_a_hook_that_raises_counts_as_unanswered(collect: Callable[..., TickerContent]) -> None:
    assert size(collect(get_vegas_content=lambda: 1 / 0)) == (WIDTH, HEIGHT)


def test_it_is_told_its_width_only_meanwhile(canvas: DisplayManager) -> None:
    seen: list[object] = []
    plugin = Sample(canvas)
    plugin.get_vegas_content = lambda: seen.append(plugin._vegas_render_width)  # type: ignore[attr-defined]
    ticker_content(plugin, canvas, ContentWish(width_percent=50), config={})
    assert (seen, plugin._vegas_render_width) == ([32], None)  # type: ignore[attr-defined]


def test_what_is_too_long_is_cut(collect: Callable[..., TickerContent]) -> None:
    long = {"get_vegas_content": lambda: [block(500), block(500)]}
    assert size(collect(ContentWish(trim=False, most_bytes=700 * HEIGHT * 3), **long)) == (700, HEIGHT)
    assert size(collect(config={"vegas_max_width_screens": 2}, **long)) == (2 * WIDTH, HEIGHT)


def test_a_block_of_so_many_panels_has_its_picture_in_the_middle(collect: Callable[..., TickerContent]) -> None:
    found = collect(ContentWish(trim=False, panel_width=32), get_vegas_content=lambda: block(40), get_vegas_segment_width=lambda: 2)
    assert size(found) == (64, HEIGHT)
    assert found.picture is not None and found.picture.getpixel((11, 0)) == (0, 0, 0) and found.picture.getpixel((12, 0)) == RED


@pytest.mark.parametrize(("weight", "kept"), [(3, 3), (99, 10), (0, 1), (None, 0), (True, 0), ("5", 0)])
def test_weights_are_bounded(collect: Callable[..., TickerContent], weight: object, kept: int) -> None:
    assert collect(get_vegas_priority_weight=lambda: weight).weight == kept


def test_after_an_update_an_old_strip_is_built_anew_and_given_back_to_one_that_does_not_build(canvas: DisplayManager) -> None:
    helper = SimpleNamespace(cached_image=block(100), cached_array="old")
    building = Sample(canvas, scroll_helper=helper, _create_scrolling_display=lambda: setattr(helper, "cached_image", block(120)))
    assert size(renewed_content(building, canvas, ContentWish(), config={})) == (120, HEIGHT)
    helper = SimpleNamespace(cached_image=block(100), cached_array="old")
    other = Sample(canvas, scroll_helper=helper, display=lambda force_clear: False)
    assert size(renewed_content(other, canvas, ContentWish(), config={})) == (100, HEIGHT)
    assert (helper.cached_image.width, helper.cached_array) == (100, "old")


def test_black_margins() -> None:
    assert is_blank(Image.new("RGB", (64, 16), (14, 14, 14))) and not is_blank(block(4, of=64))
    cut = trimmed(block(20, at=30, of=128))
    assert cut is not None and cut.width == 36
    assert trimmed(block(5, at=30, of=128)) is None and trimmed(Image.new("RGB", (64, 16))) is None
    assert cut_black_ends(block(20, at=30, of=128), most=10).width == 108
