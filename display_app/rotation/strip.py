"""The strip of the ticker: pictures side by side without an end, and where the panel stands on it. Pure.

Places are whole pixels that grow for ever; the panel is a window that moves to the right. What is in the window never moves on it and never
changes its width, whatever happens to plugins: only what has not come into view is exchanged, moved or taken away.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from PIL import Image

BLACK = (0, 0, 0)


@dataclass(slots=True)
class Segment:
    """The pictures of one plugin as one piece; a `stops` piece is as wide as the panel and halts it once, when it fills it exactly."""

    plugin_id: str
    picture: Image.Image
    x: int
    stops: bool = False

    @property
    def end(self) -> int:
        """Return the first place behind it."""
        return self.x + self.picture.width


class Strip:
    """Segments from left to right, and the window of the panel's size on them."""

    def __init__(self, *, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.segments: deque[Segment] = deque()
        self._position = 0.0
        self._canvas = Image.new("RGB", (width, height))

    @property
    def left(self) -> int:
        """Return the place of the window's left edge."""
        return int(self._position)

    @property
    def right(self) -> int:
        """Return the first place that is not in view."""
        return self.left + self.width

    def to_next_pixel(self) -> float:
        """Return the part of a pixel that is missing until the view changes."""
        return self.left + 1 - self._position

    def ahead(self) -> int:
        """Return how many pixels behind the right edge are filled."""
        return max(0, self.segments[-1].end - self.right) if self.segments else 0

    def append(self, plugin_id: str, picture: Image.Image, *, gap: int, stops: bool = False, at_once: bool = False) -> None:
        """Put a picture at the end; `at_once` lets it begin in the middle of the view, as is right before anybody looks."""
        x = self.segments[-1].end + gap if self.segments else self.left
        self.segments.append(Segment(plugin_id, picture, x if at_once else max(x, self.right), stops))

    def move(self, distance: float) -> Segment | None:
        """Go on by a distance; return the segment that halts the window there, which it does once."""
        target = self._position + distance
        for segment in self.segments:
            if segment.stops and self._position <= segment.x <= target:
                segment.stops = False
                self._position = float(segment.x)
                return segment
        self._position = target
        return None

    def skip(self) -> None:
        """Go on to where the next segment begins; what was in front of it is not seen again."""
        following = next((segment for segment in self.segments if segment.x > self._position + 1), None)
        if following is not None:
            self._position = float(following.x)

    def take_passed(self) -> list[str]:
        """Forget what has left the view, and return whose it was."""
        passed = []
        while self.segments and self.segments[0].end <= self.left:
            passed.append(self.segments.popleft().plugin_id)
        return passed

    def renew(self, plugin_id: str, picture: Image.Image, *, stops: bool = False) -> None:
        """Exchange the pictures of a plugin where nobody can see a jump: out of view, or by one of the same width."""
        for segment in self.segments:
            is_ahead = segment.x >= self.right
            if segment.plugin_id == plugin_id and (is_ahead or segment.picture.width == picture.width):
                self._shift_behind(segment, picture.width - segment.picture.width)
                segment.picture = picture
                segment.stops = stops and (is_ahead or segment.stops)

    def drop(self, plugin_id: str | None = None) -> None:
        """Take away what has not come into view, of one plugin or of all, and close up."""
        kept: deque[Segment] = deque()
        moved = 0
        for segment in self.segments:
            is_dropped = segment.x >= self.right and plugin_id in (None, segment.plugin_id)
            if not is_dropped:
                segment.x -= moved
                kept.append(segment)
            elif kept:
                following = next((other.x for other in self.segments if other.x > segment.x), segment.end)
                moved += following - segment.x
        self.segments = kept

    def clear(self) -> None:
        """Begin anew."""
        self.segments.clear()

    def centre(self) -> Segment | None:
        """Return the segment in the middle of the view, else the nearest before it."""
        middle = self.left + self.width // 2
        before = [segment for segment in self.segments if segment.x <= middle]
        return before[-1] if before else (self.segments[0] if self.segments else None)

    def after(self, segment: Segment | None) -> Segment | None:
        """Return the next segment of another plugin."""
        if segment is None:
            return None
        return next((other for other in self.segments if other.x > segment.x and other.plugin_id != segment.plugin_id), None)

    def view(self) -> bytes:
        """Return what the panel shows now: the pictures in view are cropped onto one canvas that is used again and again."""
        self._canvas.paste(BLACK, (0, 0, self.width, self.height))
        for segment in self.segments:
            if segment.x >= self.right:
                break
            self._canvas.paste(segment.picture, (segment.x - self.left, 0))
        return self._canvas.tobytes()

    def _shift_behind(self, changed: Segment, distance: int) -> None:
        if distance:
            for segment in self.segments:
                if segment.x > changed.x:
                    segment.x += distance
