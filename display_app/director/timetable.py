"""When each chore of the director's loop is due again, on a clock that only goes forward. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable


class Timetable:
    """Due times by name; a chore that was never named is due at once."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[str, float] = {}

    def is_due(self, name: str, period: float) -> bool:
        """Tell whether a chore is due; if so the next time is a period away."""
        now = self._clock()
        if now < self._due.get(name, 0.0):
            return False
        self._due[name] = now + period
        return True

    def hurry(self, name: str, *, at: float = 0.0) -> None:
        """Have a chore done at `at` at the latest."""
        self._due[name] = min(self._due.get(name, 0.0), at)

    def due_in(self, *names: str) -> float:
        """Return the seconds until the first of these chores; below zero when it is late."""
        return min(self._due.get(name, 0.0) for name in names) - self._clock()
