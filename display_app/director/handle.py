"""One host as the director holds it: its channel, bus and log pipe, and what is known of it."""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import replace
from typing import Any

from display_app.director.rows import Wanted
from display_app.frames.bus import FrameReader
from display_app.hosting.channel import Channel, Closed, memory_file
from display_app.hosting.heartbeat import Beat, BeatReader
from display_app.hosting.logs import OutputLog
from display_app.hosting.protocol import Collect, Configure, Hide, Loaded, Message, Published, Show, Stop, Suspend
from display_app.hosting.sampling import Sample, sample
from display_app.hosting.watchdog import Vitals

WEIGHED_SECONDS = 120.0
TALK_BURST = 300
TALK_PER_SECOND = 20

logger = logging.getLogger(__name__)


class Talk:
    """How much one host may still say: a budget of messages that refills with time. Pure but for the clock that it is given."""

    def __init__(self, *, now: float) -> None:
        self._left, self._at = float(TALK_BURST), now

    def has_room(self, *, now: float) -> bool:
        """Take one message out of the budget; False when it is used up."""
        self._left = min(TALK_BURST, self._left + (now - self._at) * TALK_PER_SECOND) - 1
        self._at = now
        return self._left >= 0


class HostHandle:
    """A running host, from the order to start it until it is reaped."""

    def __init__(
        self, key: int, wanted: Wanted, *, channel: Channel, reader: FrameReader, beats: BeatReader, log_fd: int, log: OutputLog
    ) -> None:
        self.key = key
        self.wanted = wanted
        self.channel = channel
        self.reader = reader
        self.beats = beats
        self.log_fd = log_fd
        self.log = log
        self.pid: int | None = None
        self.vitals = Vitals(started_at=time.monotonic())
        self.modes: tuple[str, ...] = ()
        self.live: tuple[str, ...] = ()
        self.told_turn: int | None = None
        self.published: Published | None = None
        self.fps = 0.0
        self.suspended = False
        self.stop_by: float | None = None
        self.death_reason: str | None = None
        self.was_overdue = False
        self.failed_to_load = False
        self.talk = Talk(now=time.monotonic())
        self.cpu_percent: float | None = None
        self._beat: tuple[Beat | None, float] = (None, 0.0)
        self._sampled_at = self._weighed_at = 0.0
        self._sample: Sample | None = None

    @property
    def plugin_id(self) -> str:
        """Return the plugin that it runs."""
        return self.wanted.plugin_id

    @property
    def is_ready(self) -> bool:
        """Tell whether it can be asked for frames."""
        return self.vitals.is_loaded and not self.suspended and self.stop_by is None

    def note_loaded(self, message: Loaded) -> None:
        """Note that the plugin was constructed."""
        self.modes = message.modes or (self.plugin_id,)
        self.vitals = replace(self.vitals, is_loaded=True, beat_at=time.monotonic())

    def look_for_beat(self, *, now: float) -> None:
        """Note a beat when there is a new one."""
        found = self.beats.read(now=now)
        if found is not None:
            self._note_beat(*found)

    def _note_beat(self, at: float, beat: Beat) -> None:
        before, before_at = self._beat
        if before is not None and at > before_at:
            self.fps = round(max(beat.frames - before.frames, 0) / (at - before_at), 1)
        self._beat = (beat, at)
        self.vitals = replace(self.vitals, beat_at=at, beat=beat)

    def excuse(self, seconds: float) -> None:
        """Let time not count in which nobody could hear it."""
        heard = self.vitals.beat_at
        self.vitals = replace(self.vitals, started_at=self.vitals.started_at + seconds, beat_at=None if heard is None else heard + seconds)

    def measure(self, *, allowed_bytes: int) -> None:
        """Note what its process uses."""
        now = time.monotonic()
        if now - self._weighed_at > WEIGHED_SECONDS:  # what it shares with others changes, too
            self._weighed_at, last = now, None
        else:
            last = self._sample
        found = sample(self.pid, last=last, watch_above=allowed_bytes) if self.pid is not None else None
        if found is None:
            return
        if self._sample is not None and now > self._sampled_at:
            self.cpu_percent = round(100 * (found.cpu_seconds - self._sample.cpu_seconds) / (now - self._sampled_at), 1)
        self._sampled_at, self._sample = now, found
        self.vitals = replace(self.vitals, memory_bytes=found.memory_bytes, threads=found.threads)

    def show(self, order: Show) -> None:
        """Have a mode drawn."""
        self.told_turn = order.turn
        self._send(order)

    def hide(self) -> None:
        """Have nothing drawn."""
        self.told_turn = None
        self._send(Hide())

    def collect(self, wish: Collect, fd: int) -> None:
        """Have pictures for the ticker written into a memory file."""
        self._send(wish, (fd,))

    def suspend(self, suspended: bool) -> None:
        """Have it leave its plugin alone, or go on."""
        if suspended != self.suspended:
            self.suspended = suspended
            self._send(Suspend(suspended))

    def configure(self, settings: dict[str, Any]) -> None:
        """Hand over changed settings."""
        fd = memory_file("settings", json.dumps(settings).encode())
        try:
            self._send(Configure(), (fd,))
        finally:
            os.close(fd)

    def ask_to_stop(self, *, by: float) -> None:
        """Let the plugin clean up; who still runs at `by` is killed."""
        if self.stop_by is None:
            self.stop_by = by
            self._send(Stop())

    def close(self) -> None:
        """Let go of everything that was held for it."""
        self.channel.close()
        self.reader.close()
        self.beats.close()
        os.close(self.log_fd)

    def _send(self, message: Message, fds: tuple[int, ...] = ()) -> None:
        try:
            if not self.channel.send(message, fds):
                logger.warning("%s does not listen", self.plugin_id)
        except Closed:
            return  # its end is reported by the zygote
