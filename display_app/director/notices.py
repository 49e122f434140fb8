"""Shows notifications: keeps their order, draws their pictures onto the panel, and has it written down how each ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils import timezone

from display_app.director.panel import Panel
from display_app.director.pictures import image_picture, text_pages
from display_app.director.rows import Rows, WaitingNotice
from display_app.director.writer import Writer
from display_app.models import Notification, NotificationState
from display_app.rotation.notices import Board, Notice, Surroundings, Urgency, next_board
from display_app.rotation.transitions import CUT


class Notices:
    """What waits to be said, and what is said now."""

    def __init__(self, panel: Panel, writer: Writer, *, wall_clock: Callable[[float | None], str | None]) -> None:
        self._panel = panel
        self._writer = writer
        self._wall_clock = wall_clock
        self._rows: dict[int, WaitingNotice] = {}
        self._waiting: dict[int, Notice] = {}
        self._ended: set[int] = set()
        self._board = Board()
        self._pages: tuple[bytes, ...] = ()
        self.transition = (CUT, 0.0)

    @property
    def is_showing(self) -> bool:
        """Tell whether a notice has the panel."""
        return self._board.showing is not None

    @property
    def is_urgent(self) -> bool:
        """Tell whether one waits, or is shown, that lights a panel that is off by schedule."""
        return any(notice.urgency is Urgency.HIGH for notice in self._waiting.values())

    def settle(self, rows: Rows) -> None:
        """Take in what the rows say is waiting; the time that is left is counted on a clock that only goes forward."""
        self._rows = {row.number: row for row in rows.notices}
        self._ended &= self._rows.keys()
        known, now, at = self._waiting, time.monotonic(), timezone.now()
        self._waiting = {
            number: known.get(number) or _notice(row, expires_at=now + (row.expires_at - at).total_seconds())
            for number, row in self._rows.items()
            if number not in self._ended
        }

    def look(self, around: Surroundings) -> None:
        """Decide who has the panel, and draw it."""
        before = self._board.showing
        self._board, ended = next_board(self._board, self._waiting.values(), around)
        for number, how in ended.items():
            self._ended.add(number)
            del self._waiting[number]
            self._writer.put(partial(_note_end, number, how))
        showing = self._board.showing
        if showing is None:
            return
        if before is None or before.number != showing.number:
            self._pages = self._draw(self._rows[showing.number])
            self._panel.begin_transition(*self.transition)
        page = int((around.now - self._board.since) / showing.hold * len(self._pages))
        self._panel.put(self._pages[min(max(page, 0), len(self._pages) - 1)])

    def due_in(self, now: float) -> float:
        """Return the seconds until the next page, or the end, of what is shown."""
        if self._board.showing is None:
            return float("inf")
        length = self._board.showing.hold / len(self._pages)
        return length - (now - self._board.since) % length

    def now(self) -> dict[str, Any] | None:
        """Return what is shown, in the words of `status.json`."""
        showing = self._board.showing
        if showing is None:
            return None
        since, until = self._wall_clock(self._board.since), self._wall_clock(self._board.ends_at)
        return {
            "plugin_id": None,
            "mode": None,
            "reason": "notification",
            "since": since,
            "until": until,
            "notification": showing.number,
            "text": self._rows[showing.number].text if showing.number in self._rows else "",
        }

    def _draw(self, row: WaitingNotice) -> tuple[bytes, ...]:
        width, height = self._panel.size
        if row.image:
            return (image_picture(row.image, width=width, height=height),)
        return text_pages(row.text, row.colour, width=width, height=height)


def _notice(row: WaitingNotice, *, expires_at: float) -> Notice:
    return Notice(row.number, max(row.hold, 1.0), expires_at, Urgency.HIGH if row.is_urgent else Urgency.NORMAL)


def _note_end(number: int, how: str) -> None:
    Notification.objects.filter(pk=number, state=NotificationState.WAITING).update(state=how, ended_at=timezone.now())
