"""Weather icons on the canvas."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from display_app.runtime.canvas import DisplayManager
from display_app.runtime.fonts import FontManager
from display_app.runtime.weather_icons import WEATHER_COLORS, icon_of


@pytest.fixture
def canvas(root: Path, panel: list[Image.Image]) -> DisplayManager:
    return DisplayManager(64, 32, publish=panel.append, fonts=FontManager(root / "assets" / "fonts", plugin_id="p", plugin_folder=root))


@pytest.mark.parametrize(
    ("condition", "icon"),
    [
        ("Clear", "sun"),
        ("sunny", "sun"),
        ("Clouds", "cloud"),
        ("cloudy", "cloud"),
        ("Partly Cloudy", "cloud"),
        ("rain", "rain"),
        ("Drizzle", "rain"),
        ("shower", "rain"),
        ("snow", "snow"),
        ("Sleet", "snow"),
        ("hail", "snow"),
        ("Thunderstorm", "storm"),
        ("storm", "storm"),
        ("volcanic ash", "sun"),
        ("", "sun"),
    ],
)
def test_the_icon_of_a_condition_and_its_colour(canvas: DisplayManager, panel: list[Image.Image], condition: str, icon: str) -> None:
    assert icon_of(condition) == icon
    canvas.draw_weather_icon(condition, 8, 8)
    colors = {color for _, color in canvas.image.getcolors() or []}
    assert WEATHER_COLORS[icon] in colors
    assert panel == []


@pytest.mark.parametrize("size", [8, 16, 24])
@pytest.mark.parametrize("condition", ["sun", "cloud", "rain", "snow", "storm"])
def test_an_icon_stays_in_its_square(canvas: DisplayManager, condition: str, size: int) -> None:
    canvas.draw_weather_icon(condition, 20, 4, size)
    left, top, right, bottom = canvas.image.getbbox() or (0, 0, 0, 0)
    assert 20 <= left < right <= 20 + size + 1
    assert 4 <= top < bottom <= 4 + size + 1


def test_each_icon_has_a_method_of_its_own(canvas: DisplayManager) -> None:
    for draw in (canvas.draw_sun, canvas.draw_cloud, canvas.draw_rain, canvas.draw_snow):
        canvas.clear()
        draw(0, 0, size=16)
        assert canvas.image.getbbox() is not None


def test_text_with_icons_is_sent(canvas: DisplayManager, panel: list[Image.Image]) -> None:
    canvas.draw_text_with_icons("21", [("sunny", 0, 8), ("rain", 40, 8)], x=24, y=0, color=(9, 9, 9))
    (frame,) = panel
    colors = {color for _, color in frame.getcolors() or []}
    assert {(9, 9, 9), WEATHER_COLORS["sun"], WEATHER_COLORS["rain"]} <= colors


def test_brightness_is_not_a_plugins_to_set(canvas: DisplayManager) -> None:
    assert [canvas.set_brightness(value) for value in (50, 500, "x")] == [False] * 3  # type: ignore[arg-type]
    assert canvas.get_brightness() == -1
