"""Which notice is on the panel: the most urgent first, the oldest of those, each for its time and only while it matters. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum


class Urgency(IntEnum):
    """Normal notices interrupt everything but what a person asked to see; high ones that too, and a panel that is off by schedule."""

    NORMAL = 0
    HIGH = 1


@dataclass(frozen=True)
class Notice:
    """A message in words or a picture: shown for `hold` seconds, worthless from `expires_at` on when it has not begun."""

    number: int
    hold: float
    expires_at: float
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True)
class Board:
    """The notice that has the panel, and since when."""

    showing: Notice | None = None
    since: float = 0.0

    @property
    def ends_at(self) -> float:
        """Return when its time is over."""
        return self.since + self.showing.hold if self.showing else float("inf")


@dataclass(frozen=True)
class Surroundings:
    """What else goes on: the panel may be switched off by hand, off by schedule, or show what somebody asked for."""

    now: float
    is_switched_off: bool = False
    is_scheduled_off: bool = False
    is_on_demand: bool = False

    def may_show(self, notice: Notice) -> bool:
        """Tell whether a notice may have the panel now."""
        if self.is_switched_off:
            return False
        return notice.urgency is Urgency.HIGH or not (self.is_scheduled_off or self.is_on_demand)


def next_board(board: Board, waiting: Iterable[Notice], around: Surroundings) -> tuple[Board, dict[int, str]]:
    """Return who has the panel now, and how notices have ended: `shown` or `expired`. One that was interrupted begins again."""
    by_number = {notice.number: notice for notice in waiting}
    ended: dict[int, str] = {}
    showing = by_number.get(board.showing.number) if board.showing else None
    if showing is not None and around.now >= board.ends_at:
        ended[showing.number] = "shown"
        showing = None
    kept = {number for number, notice in by_number.items() if notice is showing or around.now < notice.expires_at}
    ended |= {number: "expired" for number in by_number.keys() - kept - ended.keys()}
    able = [notice for number, notice in by_number.items() if number not in ended and around.may_show(notice)]
    best = min(able, key=lambda notice: (-notice.urgency, notice is not showing, notice.number), default=None)
    if best is None:
        return Board(), ended
    return (replace(board, showing=best) if best is showing else Board(best, around.now)), ended
