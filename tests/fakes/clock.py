"""A clock that goes when it is told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Call it for the time; `advance` moves it."""

    def __init__(self, start: datetime = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def timestamp(self) -> float:
        """Return the time in seconds since the epoch."""
        return self.now.timestamp()

    def advance(self, **parts: float) -> None:
        """Let time pass, given as for timedelta."""
        self.now += timedelta(**parts)
