"""Region: a rectangle of whole pixels that is carved into smaller ones, for screens that are laid out for any panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Region:
    """`x`, `y` of the top left corner, `w`, `h` in pixels; what is carved out of it is never larger than itself."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.h

    @property
    def center(self) -> tuple[int, int]:
        """The pixel in its middle."""
        return self.x + self.w // 2, self.y + self.h // 2

    def inset(self, dx: int, dy: int | None = None) -> Region:
        """Leave a margin of `dx` left and right and of `dy` (else `dx`) above and below."""
        down = dx if dy is None else dy
        return Region(self.x + dx, self.y + down, max(0, self.w - 2 * dx), max(0, self.h - 2 * down))

    def offset(self, dx: int, dy: int) -> Region:
        """Move it."""
        return Region(self.x + dx, self.y + dy, self.w, self.h)

    def top_band(self, h: int) -> Region:
        """Take the upper `h` rows."""
        return Region(self.x, self.y, self.w, min(h, self.h))

    def bottom_band(self, h: int) -> Region:
        """Take the lower `h` rows."""
        return Region(self.x, self.bottom - min(h, self.h), self.w, min(h, self.h))

    def middle(self, top_h: int = 0, bottom_h: int = 0) -> Region:
        """Take what is left between two bands."""
        return Region(self.x, self.y + min(top_h, self.h), self.w, max(0, self.h - top_h - bottom_h))

    def left_col(self, w: int) -> Region:
        """Take the left `w` columns."""
        return Region(self.x, self.y, min(w, self.w), self.h)

    def right_col(self, w: int) -> Region:
        """Take the right `w` columns."""
        return Region(self.right - min(w, self.w), self.y, min(w, self.w), self.h)

    def split_h(self, *weights: float, gap: int = 0) -> list[Region]:
        """Divide it from left to right, by weights, with `gap` columns between."""
        places = _shares(self.w, weights, gap)
        return [Region(self.x + start, self.y, size, self.h) for start, size in places]

    def split_v(self, *weights: float, gap: int = 0) -> list[Region]:
        """Divide it from top to bottom, by weights, with `gap` rows between."""
        places = _shares(self.h, weights, gap)
        return [Region(self.x, self.y + start, self.w, size) for start, size in places]

    def align_xy(self, w: int, h: int, align: str = "center", valign: str = "center") -> tuple[int, int]:
        """Return where something of `w` x `h` stands in it: left, center or right, and top, center or bottom."""
        x = {"left": self.x, "right": self.right - w}.get(align, self.x + (self.w - w) // 2)
        y = {"top": self.y, "bottom": self.bottom - h}.get(valign, self.y + (self.h - h) // 2)
        return x, y

    def center_xy(self, w: int, h: int) -> tuple[int, int]:
        """Return where something of `w` x `h` stands in its middle."""
        return self.align_xy(w, h)

    def contains(self, w: int, h: int) -> bool:
        """Tell whether something of `w` x `h` fits."""
        return w <= self.w and h <= self.h


def region_of(box: Region | tuple[int, int]) -> Region:
    """Take a region as it is, and a width with a height as one at the panel's corner."""
    return box if isinstance(box, Region) else Region(0, 0, int(box[0]), int(box[1]))


def _shares(total: int, weights: Sequence[float], gap: int) -> list[tuple[int, int]]:
    """Return start and size of each part; what rounding leaves goes to the last."""
    room, whole = max(0, total - gap * (len(weights) - 1)), sum(weights) or 1.0
    edges = [round(room * sum(weights[:count]) / whole) for count in range(len(weights) + 1)]
    return [(start + gap * number, end - start) for number, (start, end) in enumerate(pairwise(edges))]
