"""The panel's picture as a stream of events: changed frames, read from the frame bus, no database.

A stream says `beat` with `alive` at least every second, so that a page knows within three when the panel, or the server, is gone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from django.conf import settings

from display_app import status
from display_app.frames.bus import Frame, FrameReader
from display_app.frames.encoding import encode_event, encode_frame_event

FRAMES_NAME = "panel.frames"
MAX_VIEWERS = 8
FRAME_SECONDS = 0.05
POLL_SECONDS = 0.025
STATE_SECONDS = 0.25
BEAT_SECONDS = 1.0
LONGEST = 60.0


class NoPlace(Exception):
    """All places for viewers are taken."""


class Viewers:
    """Counts the open streams of this process and ends them when it stops."""

    def __init__(self, most: int) -> None:
        self.stopping = False
        self._free = threading.BoundedSemaphore(most)

    def enter(self) -> None:
        """Take a place. Raise NoPlace when there is none."""
        if not self._free.acquire(blocking=False):
            raise NoPlace

    def leave(self) -> None:
        """Give the place back."""
        self._free.release()

    def stop(self) -> None:
        """End every stream within a frame's time; may be called from a signal handler."""
        self.stopping = True


viewers = Viewers(MAX_VIEWERS)


class FrameStream(Iterator[bytes]):
    """The events of one viewer; holds a place from its making until `close`, which the server calls in any case."""

    def __init__(
        self,
        reader: FrameReader,
        *,
        is_alive: Callable[[], bool],
        places: Viewers = viewers,
        seconds: float = LONGEST,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        places.enter()
        self._places = places
        self._reader = reader
        self._is_alive = is_alive
        self._clock, self._sleep = clock, sleep
        self._ends_at = clock() + seconds
        self._open = True
        self._alive = False
        self._looked_at = self._beat_at = float("-inf")
        self._sent: Frame | None = None
        self._next_frame_at = float("-inf")
        self._greeted = False

    def __next__(self) -> bytes:
        while self._open and not self._places.stopping and self._clock() < self._ends_at:
            event = self._event()
            if event is not None:
                return event
            self._sleep(POLL_SECONDS)
        raise StopIteration

    def close(self) -> None:
        """Give the place and the bus back, once."""
        if self._open:
            self._open = False
            self._reader.close()
            self._places.leave()

    def _event(self) -> bytes | None:
        now = self._clock()
        if not self._greeted:
            self._greeted = True
            return b"retry: 500\n\n"
        if now - self._looked_at >= STATE_SECONDS:
            self._looked_at, was = now, self._alive
            self._alive = self._is_alive()
            if self._alive != was:
                self._sent = None  # the viewer threw its picture away
            if self._alive != was or now - self._beat_at >= BEAT_SECONDS:
                self._beat_at = now
                return encode_event("beat", {"alive": self._alive})
        frame = self._reader.read() if self._alive and now >= self._next_frame_at else None
        if frame is None or frame is self._sent:
            return None
        self._sent, self._next_frame_at = frame, now + FRAME_SECONDS
        return encode_frame_event(frame)


def is_panel_alive() -> bool:
    """Tell whether the director lives, without the database."""
    return status.read_status()["alive"] is True


def open_bus() -> FrameReader:
    """Return a reader of the panel's frames; close it."""
    return FrameReader(settings.LEDSITE.run_dir / FRAMES_NAME)
