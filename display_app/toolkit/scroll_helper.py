"""ScrollHelper: moves a long picture, the *strip*, past the panel from right to left (formulas: plugin contract 1.7).

Lengths are pixels, times seconds. Two ways of moving: by time (`scroll_speed` pixels a second) or by frames
(`scroll_speed` pixels every `scroll_delay` seconds, at most 0.04 s worth at once).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PIL import Image

from display_app.toolkit.scroll_strip import Pixels, join, pixels, window

MAX_STEP_SECONDS = 0.04
FRAME_SPEEDS = (0.1, 5.0)
TIME_SPEEDS = (1.0, 500.0)
DELAYS = (0.001, 1.0)
FRAME_RATES = (30.0, 200.0)
SHORTEST_DURATION = 10
LOG_SECONDS = 60.0


class ScrollHelper:
    """One strip and where the panel stands on it; `update_scroll_position()` then `get_visible_portion()` for each frame."""

    def __init__(self, display_width: int, display_height: int, logger: Any = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.display_width = display_width
        self.display_height = display_height
        self.logger = logger or logging.getLogger(__name__)
        self._clock = clock
        self.cached_image: Image.Image | None = None
        self.cached_array: Pixels | None = None
        self.total_scroll_width = 0
        self.scroll_speed = 1.0
        self.scroll_delay = 0.001
        self.sub_pixel_scrolling = False
        self.frame_based_scrolling = False
        self.target_fps = 120.0
        self.frame_time_target = 1 / 120
        self.dynamic_duration_enabled = True
        self.min_duration = 30
        self.max_duration = 300
        self.duration_buffer = 0.1
        self.calculated_duration = 60
        self.scroll_position = 0.0
        self.total_distance_scrolled = 0.0
        self.scroll_complete = False
        self.is_scrolling = False
        self.scroll_start_time: float | None = None
        self._last_step: float | None = None
        self._frames = 0
        self._frames_since = clock()

    # -- the strip

    def create_scrolling_image(
        self, content_items: Sequence[Image.Image], item_gap: int = 32, element_gap: int = 16, lead_gap: int | None = None
    ) -> Image.Image:
        """Join pictures into a strip: `lead_gap` black (one panel by default), then each picture with `element_gap` behind it
        and `item_gap` between; pictures stand at the top and are not resized. No pictures: one black panel of width 0."""
        if not content_items:
            self.clear_cache()
            self.cached_image = Image.new("RGB", (self.display_width, self.display_height))
            self.calculate_dynamic_duration()
            return self.cached_image
        lead = self.display_width if lead_gap is None else lead_gap
        strip = join(content_items, height=self.display_height, lead=lead, item_gap=item_gap, element_gap=element_gap)
        self._take(strip)
        return strip

    def set_scrolling_image(self, image: Image.Image | None) -> None:
        """Use a finished strip as it is; None forgets the present one."""
        if image is None:
            self.clear_cache()
        else:
            self._take(image)

    def append_content(self, content_items: Sequence[Image.Image], item_gap: int = 32, element_gap: int = 0) -> bool:
        """Make the strip longer by `item_gap` and pictures, without moving it; False when there are no pictures."""
        if not content_items:
            return False
        if self.cached_image is None or self.cached_array is None:
            self.create_scrolling_image(content_items, item_gap, element_gap)
            return True
        tail = join(content_items, height=self.cached_image.height, lead=item_gap, item_gap=item_gap, element_gap=element_gap)
        self._replace(np.concatenate((self.cached_array, pixels(tail)), axis=1))
        self.scroll_complete = False
        return True

    def drop_scrolled_prefix(self, keep_before: int = 0) -> int:
        """Cut off what has left the panel, but for `keep_before` columns, and return how many columns that were; the picture stays."""
        strip = self.cached_array
        if strip is None or self.scroll_position + self.display_width > strip.shape[1]:
            return 0  # the panel already shows the strip's head behind its end
        gone = max(0, int(self.scroll_position) - max(0, keep_before))
        if gone:
            self._replace(strip[:, gone:].copy())
            self.scroll_position -= gone
            self.total_distance_scrolled = max(0.0, self.total_distance_scrolled - gone)
        return gone

    def remaining_unscrolled(self) -> int:
        """Return how many columns wait to the right of the panel."""
        return max(0, self.total_scroll_width - int(self.scroll_position) - self.display_width)

    def clear_cache(self) -> None:
        """Forget strip and position."""
        self.cached_image = None
        self.cached_array = None
        self.total_scroll_width = 0
        self._to_start()

    def _take(self, strip: Image.Image) -> None:
        self.cached_image = strip
        self.cached_array = pixels(strip)
        self.total_scroll_width = strip.width
        self.reset_scroll()
        self.calculate_dynamic_duration()

    def _replace(self, strip: Pixels) -> None:
        self.cached_array = strip
        self.cached_image = Image.fromarray(strip)
        self.total_scroll_width = strip.shape[1]
        self.calculate_dynamic_duration()

    # -- moving

    def update_scroll_position(self) -> None:
        """Move by the time that has passed; at the end of the strip stop on its last column and set `scroll_complete`."""
        if self.cached_image is None:
            return
        if self.total_scroll_width <= 0:
            self.scroll_position = 0.0
            return
        now = self._clock()
        if self._last_step is None:
            self._last_step = now
        distance = self._distance(now)
        if self.scroll_complete or distance <= 0:
            return
        self.is_scrolling = True
        self.total_distance_scrolled += distance
        if self.total_distance_scrolled >= self.total_scroll_width:
            self.scroll_complete = True
            self.is_scrolling = False
            self.scroll_position = float(self.total_scroll_width - 1)
        else:
            self.scroll_position = (self.scroll_position + distance) % self.total_scroll_width

    def _distance(self, now: float) -> float:
        """Return the pixels to move since the last step, and take the step; time left over counts for the next."""
        elapsed = now - (now if self._last_step is None else self._last_step)
        if not self.frame_based_scrolling:
            self._last_step = now
            return self.scroll_speed * elapsed
        due = int(elapsed / self.scroll_delay + 1e-9)
        if due < 1:
            return 0.0
        steps = min(due, max(1, int(MAX_STEP_SECONDS / self.scroll_delay)))
        # Of a pause longer than the limit only the part of a step is kept: the strip must not race to catch up.
        self._last_step = now - max(0.0, elapsed - due * self.scroll_delay)
        return self.scroll_speed * steps

    def get_visible_portion(self) -> Image.Image | None:
        """Return what the panel shows now (RGB, panel sized, the strip's head follows its end); None without a strip."""
        if self.cached_image is None:
            return None
        if self.cached_array is None:
            self.cached_array = pixels(self.cached_image)
        size = {"width": self.display_width, "height": self.display_height}
        return window(self.cached_array, self.scroll_position, blend=self.sub_pixel_scrolling, **size)

    def is_scroll_complete(self) -> bool:
        """Tell whether the whole strip has passed."""
        return self.scroll_complete

    def reset_scroll(self) -> None:
        """Go back to the strip's head and start the clock anew."""
        self._to_start()
        self.scroll_start_time = self._last_step = self._clock()

    reset = reset_scroll

    def _to_start(self) -> None:
        self.scroll_position = 0.0
        self.total_distance_scrolled = 0.0
        self.scroll_complete = False
        self.is_scrolling = False
        self.scroll_start_time = self._last_step = None

    # -- settings

    def set_scroll_speed(self, speed: float) -> None:
        """Set pixels a step (0.1 to 5, by frames) or pixels a second (1 to 500, by time); set the way of moving first."""
        self.scroll_speed = _clamp(speed, FRAME_SPEEDS if self.frame_based_scrolling else TIME_SPEEDS)

    def set_scroll_delay(self, delay: float) -> None:
        """Set the seconds between steps, 0.001 to 1."""
        self.scroll_delay = _clamp(delay, DELAYS)

    def set_target_fps(self, fps: float) -> None:
        """Set the frame rate aimed at, 30 to 200."""
        self.target_fps = _clamp(fps, FRAME_RATES)
        self.frame_time_target = 1 / self.target_fps

    def set_sub_pixel_scrolling(self, enabled: bool) -> None:
        """Blend neighbouring columns between whole pixels, or not."""
        self.sub_pixel_scrolling = enabled

    def set_frame_based_scrolling(self, enabled: bool) -> None:
        """Move by frames (true) or by time."""
        self.frame_based_scrolling = enabled
        self._last_step = self._clock()

    def set_dynamic_duration_settings(
        self, enabled: bool = True, min_duration: int = 30, max_duration: int = 300, buffer: float = 0.1
    ) -> None:
        """Set the limits of the computed duration (at least 10 s) and the share added to it (0 to 1)."""
        self.dynamic_duration_enabled = enabled
        self.min_duration = max(SHORTEST_DURATION, min_duration)
        self.max_duration = max(self.min_duration, max_duration)
        self.duration_buffer = _clamp(buffer, (0.0, 1.0))

    # -- durations and facts

    def calculate_dynamic_duration(self) -> int:
        """Compute the seconds one pass takes: (strip + panel) / pixels a second, plus the buffer, within the limits."""
        if not self.dynamic_duration_enabled or self.total_scroll_width <= 0:
            self.calculated_duration = self.min_duration
            return self.calculated_duration
        speed = self.scroll_speed / self.scroll_delay if self.frame_based_scrolling else self.scroll_speed
        seconds = (self.total_scroll_width + self.display_width) / max(speed, 1e-6) * (1 + self.duration_buffer)
        self.calculated_duration = int(max(self.min_duration, min(self.max_duration, int(seconds))))
        return self.calculated_duration

    def get_dynamic_duration(self) -> int:
        """Return the seconds computed last."""
        return self.calculated_duration

    def get_scroll_info(self) -> dict[str, Any]:
        """Return position, distances, speed and times for status pages and logs."""
        started = self.scroll_start_time
        return {
            "scroll_position": self.scroll_position,
            "total_distance_scrolled": self.total_distance_scrolled,
            "required_total_distance": self.total_scroll_width,
            "scroll_speed": self.scroll_speed,
            "scroll_delay": self.scroll_delay,
            "total_width": self.total_scroll_width,
            "is_scrolling": self.is_scrolling,
            "scroll_complete": self.scroll_complete,
            "dynamic_duration": self.calculated_duration,
            "elapsed_time": None if started is None else self._clock() - started,
            "cached_image_size": None if self.cached_image is None else self.cached_image.size,
        }

    def log_frame_rate(self) -> None:
        """Count a frame, and log the rate once a minute at debug level."""
        self._frames += 1
        elapsed = self._clock() - self._frames_since
        if elapsed >= LOG_SECONDS:
            self.logger.debug("Scrolling at %.1f frames a second", self._frames / elapsed)
            self._frames, self._frames_since = 0, self._clock()


def _clamp(value: float, limits: tuple[float, float]) -> float:
    return max(limits[0], min(limits[1], value))
