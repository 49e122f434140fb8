"""Work that a plugin puts off until nothing scrolls: the scrolling flag and the queue behind it (contract 1.2.3)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from display_app.runtime.guard import tolerate

SCROLLING_SECONDS = 2.0
QUEUE_LENGTH = 50
ENTRY_SECONDS = 300.0
RETRY_SECONDS = 60.0
BATCH = 5


@dataclass(order=True)
class _Entry:
    priority: int
    created: float
    func: Callable[[], Any] = field(compare=False)

    def run(self) -> bool:
        self.func()
        return True


class Deferral:
    """The scrolling flag, which fades 2 s after it was last set, and at most 50 callables that wait for it to be off."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._scrolling_since: float | None = None
        self._queue: list[_Entry] = []

    def set_scrolling(self, is_scrolling: bool) -> None:
        """Set or clear the flag."""
        self._scrolling_since = self._clock() if is_scrolling else None

    def is_scrolling(self) -> bool:
        """Tell whether the flag was set in the last 2 seconds."""
        since = self._scrolling_since
        if since is not None and self._clock() - since > SCROLLING_SECONDS:
            self._scrolling_since = since = None
        return since is not None

    def add(self, func: Callable[[], Any], priority: int) -> None:
        """Queue `func`; smaller priorities run first, the oldest entry is dropped when the queue is full."""
        with self._lock:
            if len(self._queue) >= QUEUE_LENGTH:
                self._queue.remove(min(self._queue, key=lambda entry: entry.created))
            self._queue.append(_Entry(priority, self._clock(), func))

    def process(self) -> None:
        """Drop entries older than 300 s, then run up to 5 unless something scrolls; one that raises may try again for 60 s."""
        if not self._queue:
            return
        now = self._clock()
        with self._lock:
            self._queue = sorted(entry for entry in self._queue if now - entry.created <= ENTRY_SECONDS)
            if not self._queue or self.is_scrolling():
                return
            batch, self._queue = self._queue[:BATCH], self._queue[BATCH:]
        failed = [entry for entry in batch if not tolerate(entry.run, fallback=False, what="a deferred update")]
        with self._lock:
            self._queue += [entry for entry in failed if now - entry.created < RETRY_SECONDS]

    def stats(self) -> dict[str, Any]:
        """Return the flag and the queue's length."""
        return {"is_scrolling": self.is_scrolling(), "deferred_count": len(self._queue)}
