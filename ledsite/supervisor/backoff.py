"""When a crashed process is started again, and when no more: a pure rule over the times of its failures."""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = 60.0
LIMIT = 5
DELAYS = (0.1, 0.5, 1.0, 2.0)


def recent(failures: Sequence[float], *, now: float) -> list[float]:
    """Keep the failures of the last minute."""
    return [moment for moment in failures if now - moment < WINDOW]


def next_delay(failures: Sequence[float], *, now: float) -> float | None:
    """Return the seconds until the next try, None when five failures within a minute say that trying is in vain."""
    count = len(recent(failures, now=now))
    if count >= LIMIT:
        return None
    return DELAYS[max(count, 1) - 1]
