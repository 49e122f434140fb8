"""When the next frame is due: deadlines that do not drift, whole periods skipped when late."""

from __future__ import annotations

import math

FRAME_RATE = 60.0
FRAME_SECONDS = 1.0 / FRAME_RATE
CLOCK_SECONDS = 1.0
_AFTER_THE_SECOND = 0.01


class Pacer:
    """Deadlines `period` seconds apart; `late` counts the ones that could not be kept."""

    def __init__(self, *, period: float, first: float) -> None:
        self.period = period
        self.due = first
        self.late = 0

    def advance(self, now: float) -> None:
        """Go on to the next deadline after a frame; skip those that have passed already."""
        self.due += self.period
        if self.due <= now:
            missed = math.floor((now - self.due) / self.period) + 1
            self.due += missed * self.period
            self.late += missed


def pacer_for(*, high_rate: bool, now: float, wall_clock: float) -> Pacer:
    """Return deadlines after a first frame: 60 a second, or one just after each full second of the wall clock, as clocks want it."""
    if high_rate:
        return Pacer(period=FRAME_SECONDS, first=now + FRAME_SECONDS)
    to_next_second = CLOCK_SECONDS - wall_clock % CLOCK_SECONDS
    return Pacer(period=CLOCK_SECONDS, first=now + to_next_second + _AFTER_THE_SECOND)
