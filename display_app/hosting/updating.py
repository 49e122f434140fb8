"""The thread that lets a plugin fetch its data, beside its drawing and never at the same moment."""

from __future__ import annotations

import contextlib
import threading
import time

from display_app.hosting import kernel
from display_app.hosting.ceilings import step_back
from display_app.hosting.channel import Closed
from display_app.hosting.reporting import Call, Reporter
from display_app.runtime.session import PluginSession

GIVE_BACK_SECONDS = 30.0


class Updates(threading.Thread):
    """Calls `update()` at once and then whenever its interval has passed; `lock` is held meanwhile, so that drawing skips its frames."""

    def __init__(self, session: PluginSession, lock: threading.Lock, reporter: Reporter) -> None:
        super().__init__(name="update", daemon=True)
        self.call = Call()
        self._session = session
        self._lock = lock
        self._reporter = reporter
        self._changed = threading.Event()
        self._suspended = False
        self._due = time.monotonic()
        self._given_back_at = 0.0

    def suspend(self, suspended: bool) -> None:
        """Stop updating, or go on, beginning with one at once."""
        if self._suspended and not suspended:
            self._due = time.monotonic()
        self._suspended = suspended
        self._changed.set()

    def hurry(self) -> None:
        """Update now: the settings have changed."""
        self._due = time.monotonic()
        self._changed.set()

    def run(self) -> None:
        """Update until the process ends."""
        step_back()
        with contextlib.suppress(Closed):
            while True:
                self._changed.wait(timeout=None if self._suspended else max(0.0, self._due - time.monotonic()))
                self._changed.clear()
                if not self._suspended and time.monotonic() >= self._due:
                    self._update()

    def _update(self) -> None:
        self._due = time.monotonic() + self._session.update_interval
        with self._lock, self.call:
            self._reporter.guarded("update", self._session.update)
        if time.monotonic() >= self._given_back_at + GIVE_BACK_SECONDS:
            self._given_back_at = time.monotonic()
            kernel.give_back_memory()
