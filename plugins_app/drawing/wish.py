"""What a person wants to see of a plugin, within what a small computer can draw (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from plugins_app.exceptions import BadRequest

SMALLEST, LARGEST, MOST_PIXELS = 8, 512, 512 * 128
MOST_SECONDS = 10.0
SIZES = ((64, 32), (128, 32), (192, 48), (128, 64), (256, 64))


class Data(StrEnum):
    """What a plugin knows of the world while it is drawn; the network is refused in any case."""

    LAST = "last"
    """What it has fetched before and keeps in its cache."""
    EXAMPLE = "example"
    """What it ships as `preview.json`."""
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A panel of `width` by `height` pixels, a mode (empty: the first), seconds of it; `settings` as they would be saved, not masked."""

    width: int
    height: int
    settings: dict[str, Any]
    mode: str = ""
    seconds: float = 5.0
    data: Data = Data.LAST

    def check(self, modes: list[str]) -> None:
        """Refuse what cannot be drawn here: BadRequest `bad-size`, `bad-mode`, `bad-duration`."""
        fits = all(SMALLEST <= side <= LARGEST for side in (self.width, self.height)) and self.width * self.height <= MOST_PIXELS
        if not fits:
            hint = f"Each side has {SMALLEST} to {LARGEST} pixels, both together at most {MOST_PIXELS}; for example 128x32."
            raise BadRequest(f"{self.width}x{self.height} is no panel that can be drawn.", code="bad-size", hint=hint)
        if self.mode and modes and self.mode not in modes:
            raise BadRequest(f"The plugin has no mode {self.mode[:100]!r}.", code="bad-mode", hint=f"It has {', '.join(modes)}.")
        if not 0 < self.seconds <= MOST_SECONDS:
            raise BadRequest(f"{self.seconds:g} seconds cannot be drawn.", code="bad-duration", hint=f"Up to {MOST_SECONDS:g}.")
