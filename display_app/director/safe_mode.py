"""The safe mode while the director runs: notes when plugins of others begin to run and when that ends, and says who may run."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from display_app.director.writer import Writer
from display_app.health.records import note_safe_mode
from display_app.health.starts import EARLY_SECONDS, FILE_NAME, REASON, Starts, read_starts, write_starts

logger = logging.getLogger(__name__)


class SafeMode:
    """One director's view of the file; a start that is open when it is made has died."""

    def __init__(self, data_dir: Path, writer: Writer) -> None:
        self._path = data_dir / FILE_NAME
        self._writer = writer
        self._starts = read_starts(self._path)
        self._lock = threading.Lock()
        self._settles_at = 0.0
        self.note_lost()
        self._tell()

    @property
    def is_on(self) -> bool:
        """Tell whether only bundled plugins may run."""
        return self._starts.is_safe_mode

    def begin(self) -> None:
        """Note, on the disk before it happens, that a plugin of others is about to run."""
        if self._settles_at:
            return
        self._settles_at = time.monotonic() + EARLY_SECONDS
        self._starts = self._starts.begun()
        try:
            self._write()
        except OSError as error:
            logger.error("%s cannot be written: %s", self._path, error)

    def look(self) -> None:
        """Note that this start has lasted."""
        if self._starts.is_open and time.monotonic() >= self._settles_at:
            self._change(Starts.settled)

    def note_blame(self) -> None:
        """A strike has named a plugin."""
        self._change(Starts.blamed)

    def note_lost(self) -> None:
        """The director before this one, or the zygote with all plugins, has died."""
        was_on = self.is_on
        self._settles_at = 0.0
        self._change(partial(Starts.lost, at=datetime.now(UTC).isoformat(timespec="seconds")))
        if self.is_on and not was_on:
            logger.error("Safe mode: %s", REASON)
            self._tell()

    def note_end(self) -> None:
        """This director was told to stop."""
        self._change(Starts.ended)

    def leave(self) -> None:
        """Let all plugins run again."""
        self._change(Starts.left)
        self._tell()

    def report(self) -> dict[str, str] | None:
        """Return what `status.json` says of it."""
        return self._starts.report()

    def _change(self, change: Callable[[Starts], Starts]) -> None:
        after = change(self._starts)
        if after != self._starts:
            self._starts = after
            self._writer.put(self._write)

    def _write(self) -> None:
        """Write what holds by now: what the writer comes to late must not undo what was written at once."""
        with self._lock:
            write_starts(self._path, self._starts)

    def _tell(self) -> None:
        self._writer.put(partial(note_safe_mode, self._starts))
