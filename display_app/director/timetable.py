"""When each chore of the director's loop is due again, on a clock that only goes forward. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable

SLACK_SECONDS = 0.03


class Timetable:
    """Due times by name; a chore that was never named is due at once."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[str, float] = {}

    def is_due(self, name: str, period: float) -> bool:
        """Tell whether a chore is due, or as good as that: what is done together costs one wake-up.

        The next time is the next whole multiple of its period, so that chores which were hurried come together with the others again.
        """
        soon = self._clock() + min(SLACK_SECONDS, period / 2)
        if soon < self._due.get(name, 0.0):
            return False
        self._due[name] = (soon // period + 1) * period
        return True

    def hurry(self, name: str, *, at: float = 0.0) -> None:
        """Have a chore done at `at` at the latest."""
        self._due[name] = min(self._due.get(name, 0.0), at)

    def due_in(self, *names: str) -> float:
        """Return the seconds until the first of these chores; below zero when it is late."""
        return min(self._due.get(name, 0.0) for name in names) - self._clock()
