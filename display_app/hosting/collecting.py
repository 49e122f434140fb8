"""A host's pictures for the ticker: collected between updates and turns, written into the memory that the director sent, and announced."""

from __future__ import annotations

import os
import threading
import time

from display_app.hosting.channel import Channel
from display_app.hosting.protocol import Collect, Content
from display_app.hosting.reporting import Call, Reporter
from display_app.runtime.session import PluginSession
from display_app.runtime.ticker_content import ContentWish, TickerContent

AGAIN_SECONDS = 0.1


class Collecting:
    """The last wish of the director, until it is met; `lock` is held meanwhile, so that no update runs, and `drawing` marks the call."""

    def __init__(self, session: PluginSession, lock: threading.Lock, reporter: Reporter, drawing: Call, control: Channel) -> None:
        self._session = session
        self._lock = lock
        self._reporter = reporter
        self._drawing = drawing
        self._control = control
        self._wish: Collect | None = None
        self._fd = -1
        self._updates_seen = 0
        self.try_at = 0.0

    @property
    def is_asked(self) -> bool:
        """Tell whether the director waits for pictures."""
        return self._wish is not None

    def take(self, wish: Collect, fd: int) -> None:
        """Take a wish in; one that was not met is forgotten."""
        if self._fd >= 0:
            os.close(self._fd)
        self._wish, self._fd, self.try_at = wish, fd, 0.0

    def try_now(self, *, updates_done: int) -> None:
        """Collect, unless an update runs: then try again in a moment."""
        now = time.monotonic()
        if self._wish is None or now < self.try_at:
            return
        if not self._lock.acquire(blocking=False):
            self.try_at = now + AGAIN_SECONDS
            return
        wish, fd, self._wish, self._fd = self._wish, self._fd, None, -1
        try:
            content = self._collect(wish, os.fstat(fd).st_size, is_fresh=updates_done != self._updates_seen)
            self._updates_seen = updates_done
            self._answer(wish, content, fd)
        finally:
            self._lock.release()
            os.close(fd)

    def _collect(self, wish: Collect, most_bytes: int, *, is_fresh: bool) -> TickerContent:
        wanted = ContentWish(
            way=wish.way,
            item_gap=wish.item_gap,
            width_percent=wish.width_percent,
            trim=wish.trim,
            panel_width=wish.panel_width,
            most_bytes=most_bytes,
        )
        found = TickerContent("", None)

        def collect() -> None:
            nonlocal found
            found = self._session.ticker_content(wanted, is_fresh=is_fresh)

        with self._drawing:
            self._reporter.guarded("display", collect)
        return found

    def _answer(self, wish: Collect, content: TickerContent, fd: int) -> None:
        width = 0
        if content.picture is not None:
            width = content.picture.width
            os.pwrite(fd, content.picture.tobytes(), 0)
        self._control.send(Content(wish.number, content.way, width, content.weight, content.reason))
