"""Weather icons drawn with simple shapes, for plugins that have no pictures of their own (contract 1.2.5)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from PIL import ImageDraw

Rgb = tuple[int, int, int]

WEATHER_COLORS: dict[str, Rgb] = {
    "sun": (255, 200, 0),
    "cloud": (200, 200, 200),
    "rain": (0, 100, 255),
    "snow": (220, 220, 255),
    "storm": (255, 255, 0),
}
# The first line of which a word occurs in the condition, in small letters, decides; anything else is the sun.
_CONDITIONS = (
    (("thunder", "storm"), "storm"),
    (("rain", "drizzle", "shower"), "rain"),
    (("snow", "sleet", "hail"), "snow"),
    (("cloud",), "cloud"),
)
RAYS = 8


class WeatherIcons:
    """The part of the canvas that draws icons of `size` pixels with their top left corner at `x`, `y`; nothing is sent to the panel."""

    WEATHER_COLORS = WEATHER_COLORS
    draw: ImageDraw.ImageDraw
    draw_text: Callable[..., None]
    update_display: Callable[[], None]

    def draw_sun(self, x: int, y: int, size: int = 16) -> None:
        """Draw a disc with rays."""
        middle_x, middle_y, radius = x + size / 2, y + size / 2, size / 4
        color = WEATHER_COLORS["sun"]
        self.draw.ellipse((middle_x - radius, middle_y - radius, middle_x + radius, middle_y + radius), fill=color)
        for number in range(RAYS):
            along_x, along_y = math.cos(math.tau * number / RAYS), math.sin(math.tau * number / RAYS)
            ends = [(middle_x + along_x * reach, middle_y + along_y * reach) for reach in (size * 0.34, size * 0.47)]
            self.draw.line(ends, fill=color)

    def draw_cloud(self, x: int, y: int, size: int = 16, color: Rgb = WEATHER_COLORS["cloud"]) -> None:
        """Draw three bulges on a flat base, in the upper two thirds."""
        unit = size / 16
        for left, top, right, bottom in ((1, 6, 7, 11), (4, 2, 11, 10), (9, 5, 15, 11)):
            self.draw.ellipse((x + left * unit, y + top * unit, x + right * unit, y + bottom * unit), fill=color)
        self.draw.rectangle((x + 4 * unit, y + 8 * unit, x + 12 * unit, y + 11 * unit), fill=color)

    def draw_rain(self, x: int, y: int, size: int = 16) -> None:
        """Draw a cloud with three slanting drops."""
        self.draw_cloud(x, y, size)
        for drop in (0.3, 0.5, 0.7):
            start, end = (x + size * drop, y + size * 0.74), (x + size * (drop - 0.06), y + size * 0.92)
            self.draw.line((start, end), fill=WEATHER_COLORS["rain"])

    def draw_snow(self, x: int, y: int, size: int = 16) -> None:
        """Draw a cloud with three flakes."""
        self.draw_cloud(x, y, size)
        arm = max(1, size // 16)
        for across, down in ((0.28, 0.80), (0.5, 0.90), (0.72, 0.80)):
            middle_x, middle_y = round(x + size * across), round(y + size * down)
            self.draw.line((middle_x - arm, middle_y, middle_x + arm, middle_y), fill=WEATHER_COLORS["snow"])
            self.draw.line((middle_x, middle_y - arm, middle_x, middle_y + arm), fill=WEATHER_COLORS["snow"])

    def draw_weather_icon(self, condition: str, x: int, y: int, size: int = 16) -> None:
        """Draw the icon of a condition in words, as in "partly cloudy" or "Light rain"; the sun when it is none of the known ones."""
        drawers = {"storm": self._draw_storm, "rain": self.draw_rain, "snow": self.draw_snow, "cloud": self.draw_cloud}
        drawers.get(icon_of(condition), self.draw_sun)(x, y, size)

    def draw_text_with_icons(
        self,
        text: str,
        icons: Sequence[tuple[str, int, int]] | None = None,
        x: int | None = None,
        y: int | None = None,
        color: Any = (255, 255, 255),
    ) -> None:
        """Draw a text, then icons as (condition, x, y), and send the picture to the panel."""
        self.draw_text(text, x=x, y=y, color=color)
        for condition, icon_x, icon_y in icons or ():
            self.draw_weather_icon(condition, icon_x, icon_y)
        self.update_display()

    def _draw_storm(self, x: int, y: int, size: int) -> None:
        self.draw_cloud(x, y, size)
        bolt = ((0.55, 0.55), (0.38, 0.78), (0.5, 0.78), (0.42, 1.0), (0.66, 0.7), (0.54, 0.7))
        self.draw.polygon([(x + size * across, y + size * down) for across, down in bolt], fill=WEATHER_COLORS["storm"])


def icon_of(condition: str) -> str:
    """Return sun, cloud, rain, snow or storm for a condition in words."""
    lowered = str(condition).lower()
    return next((icon for words, icon in _CONDITIONS if any(word in lowered for word in words)), "sun")
