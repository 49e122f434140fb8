"""Texts and pictures fitted into the panel, by the base class."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from display_app.runtime.base_plugin import BasePlugin
from display_app.runtime.canvas import DisplayManager
from display_app.runtime.fonts import FontManager
from display_app.toolkit.fitting import LADDER_ARCADE, fit_image
from display_app.toolkit.regions import Region

RED = (255, 0, 0)


class Plain(BasePlugin):
    def update(self) -> None: ...

    def display(self, force_clear: bool = False) -> None: ...


@pytest.fixture
def plugin(root: Path, panel: Any) -> Plain:
    fonts = FontManager(root / "assets" / "fonts", plugin_id="p", plugin_folder=root)
    canvas = DisplayManager(64, 32, publish=panel, fonts=fonts)
    return Plain("p", {}, canvas, None, SimpleNamespace(font_manager=fonts))


@pytest.mark.parametrize(
    ("text", "box", "size", "fits"),
    [
        ("8", (64, 32), 32, True),
        ("12:45", (64, 32), 8, True),
        ("12", (64, 32), 32, True),
        ("Hi", (20, 10), 8, True),
        ("much too long", (40, 10), 8, False),
    ],
)
def test_the_largest_rung_that_fits(plugin: Plain, text: str, box: tuple[int, int], size: int, fits: bool) -> None:
    fit = plugin.draw_fit(text, box, ladder=LADDER_ARCADE)
    assert (fit.size_px, fit.fits) == (size, fits)
    assert fit.width <= box[0]
    assert fits or fit.text.endswith("…")


@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("valign", ["top", "center", "bottom"])
def test_its_ink_stands_where_it_belongs(plugin: Plain, align: str, valign: str) -> None:
    box = Region(10, 5, 40, 20)
    fit = plugin.draw_fit("Ag", box, RED, align=align, valign=valign)
    x, y = box.align_xy(fit.width, fit.height, align, valign)
    assert plugin.display_manager.image.getbbox() == (x, y, x + fit.width, y + fit.height)


def test_even_nothing_fits_somewhere(plugin: Plain) -> None:
    assert plugin.draw_fit("", (64, 32)).text == ""
    assert plugin.draw_fit("word", (0, 0)).fits is False


@pytest.mark.parametrize(
    ("mode", "size"), [("contain", (20, 10)), ("cover", (20, 20)), ("fill_height", (40, 20)), ("stretch", (20, 20)), ("odd", (20, 10))]
)
def test_a_picture_is_made_for_its_box(mode: str, size: tuple[int, int]) -> None:
    fit = fit_image(Image.new("RGB", (80, 40), RED), (20, 20), mode=mode)
    assert (fit.image.mode, fit.image.size, fit.mode) == ("RGBA", size, mode)


def test_transparent_edges_are_cut_off_first_and_the_top_may_be_kept() -> None:
    picture = Image.new("RGBA", (40, 40))
    picture.paste((255, 0, 0, 255), (10, 10, 30, 20))
    assert fit_image(picture, (10, 10), crop_to_ink=True).image.size == (10, 5)
    tall = Image.new("RGB", (10, 40), RED)
    tall.paste((0, 255, 0), (0, 0, 10, 10))
    assert fit_image(tall, (10, 10), mode="cover", anchor="top", resample=0).image.getpixel((5, 5)) == (0, 255, 0, 255)


def test_a_picture_is_drawn_aligned_and_moved_and_lets_the_rest_be(plugin: Plain, panel: list[Image.Image]) -> None:
    fit = plugin.draw_image(Image.new("RGB", (8, 4), RED), Region(0, 0, 20, 20), align="right", valign="bottom", offset=(1, -2))
    assert (fit.width, fit.height) == (20, 10)
    assert plugin.display_manager.image.getbbox() == (1, 8, 21, 18)
    assert panel == []


def test_the_layout_is_that_of_the_panel_as_it_is_now(plugin: Plain) -> None:
    assert plugin.layout.bounds == Region(0, 0, 64, 32)
    assert plugin.layout is plugin.layout
    assert (plugin.layout.px(10), plugin.layout.px(1), plugin.layout.px(10, maximum=3)) == (5, 1, 3)
    with plugin.display_manager.render_size(32):
        assert plugin.layout.bounds == Region(0, 0, 32, 32)
