"""The continuous ticker on the panel: moves its strip, and halts it where a plugin wants the whole panel.

The strip moves by time, one step a pixel and at most 60 a second, whatever hosts do: each step crops pictures that are already here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image

from display_app.director.hosts import Hosts
from display_app.director.panel import Panel
from display_app.director.ticker_filling import Filling
from display_app.director.turn_book import TurnBook
from display_app.rotation.strip import Segment, Strip
from display_app.rotation.transitions import FRAME_SECONDS
from display_app.rotation.turns import TICKER_SLOT, Candidate, Rank, Slot, State, TickerView

HIDDEN_SECONDS = 60.0
LOOK_SECONDS = 0.05
LONGEST_STEP_SECONDS = 0.1
ROUNDING_SECONDS = 0.0002


class Ticker:
    """The strip of all plugins, on the panel while the tick says so."""

    def __init__(self, hosts: Hosts, panel: Panel, book: TurnBook) -> None:
        self._hosts = hosts
        self._panel = panel
        self._book = book
        width, height = panel.size
        self.strip = Strip(width=width, height=height)
        self.filling = Filling(hosts, book, self.strip)
        self.late = 0
        self._stops: dict[str, int] = {}
        self._is_shown = self._moves = False
        self._moved_at = self._step_at = 0.0
        self._hidden_at = math.inf
        self._stop: Slot | None = None
        self._halted: Segment | None = None
        self._was_seen = False

    # -- what is decided many times a second

    def look(self, candidates: Sequence[Candidate], *, now: float) -> None:
        """Keep the strip filled; forget everything while the ticker is off."""
        if self.filling.settings.enabled:
            self.filling.look(candidates, is_shown=self._is_shown, now=now)
            if self._stop is not None and self._stop.plugin_id not in self.filling.weights:
                self._stop = None
        else:
            self.filling.close()
            self._stop = self._halted = None

    def view(self, *, now: float) -> TickerView:
        """Return what the tick must know."""
        return TickerView(
            is_ready=bool(self.strip.segments),
            is_coming=self.filling.is_coming(now=now),
            stop=self._stop,
            keeps_live=self.filling.settings.live_in_ticker,
        )

    def follow(self, state: State, *, is_covered: bool, is_paused: bool, now: float) -> None:
        """Do what the tick decided: show the strip or not, move it or not."""
        showing, incoming = state.showing, state.incoming
        if incoming is not None and incoming.rank is Rank.TICKER:
            self._stop = None  # it was asked; whether it comes or not, the strip goes on after it
        if showing is not None and showing.rank is Rank.TICKER and showing.slot != TICKER_SLOT:
            self._was_seen = True
        is_shown = showing is not None and showing.slot == TICKER_SLOT and not is_covered
        if is_shown and not self._is_shown:
            self._come_back(now=now)
        elif self._is_shown and not is_shown:
            self._hidden_at = now
        moved = self._moves
        self._is_shown = is_shown
        self._moves = is_shown and not is_paused and self._stop is None and not (incoming is not None and incoming.rank is Rank.TICKER)
        if self._moves and not moved:
            self._moved_at = self._step_at = now

    def animate(self, *, now: float) -> None:
        """Take the next step when it is time."""
        if not self._moves or now < self._step_at:
            return
        self.late += max(0, int((now - self._step_at) / self._period()))
        halted = self.strip.move(self._speed * min(now - self._moved_at, LONGEST_STEP_SECONDS))
        self._moved_at = now
        if halted is not None:
            self._halt(halted)
        for plugin_id in self.strip.take_passed():
            self._book.passed(plugin_id)
        self._panel.put(self.strip.view())
        self._step_at = self._next_step(now)

    def due_in(self, now: float) -> float:
        """Return the seconds until the next step."""
        return max(0.0, self._step_at - now) if self._moves else math.inf

    def next_look(self, now: float) -> float:
        """Return when the strip must be filled ahead again: it runs out while it moves."""
        return now + LOOK_SECONDS if self._moves else math.inf

    def skip(self) -> None:
        """Go on to the next plugin on the strip."""
        if self._is_shown:
            self._stop = self._halted = None
            self.strip.skip()

    # -- inside

    def _come_back(self, *, now: float) -> None:
        if self._halted is not None and self._was_seen:
            self._keep_last_picture(self._halted)
        if self._was_seen or self._stop is None:
            self._halted, self._was_seen = None, False
        if now - self._hidden_at > HIDDEN_SECONDS:
            self.strip.drop()
        self._panel.put(self.strip.view())

    def _keep_last_picture(self, segment: Segment) -> None:
        """Let a plugin that had the whole panel leave it with the picture that was seen last."""
        handle = self._hosts.by_plugin.get(segment.plugin_id)
        frame = handle.reader.read() if handle is not None else None
        if frame is not None and (frame.width, frame.height) == self._panel.size:
            segment.picture = Image.frombytes("RGB", self._panel.size, frame.rgb)

    def _halt(self, segment: Segment) -> None:
        modes = self.filling.modes.get(segment.plugin_id)
        if modes:
            number = self._stops[segment.plugin_id] = self._stops.get(segment.plugin_id, -1) + 1
            self._stop, self._halted, self._moves = Slot(segment.plugin_id, modes[number % len(modes)]), segment, False

    @property
    def _speed(self) -> float:
        return self.filling.settings.speed

    def _period(self) -> float:
        return max(FRAME_SECONDS, 1 / self._speed)

    def _next_step(self, now: float) -> float:
        """Return when the next whole pixel is due, or the next frame when pixels come faster than those."""
        if self._speed > 1 / FRAME_SECONDS:
            return max(self._step_at + FRAME_SECONDS, now)
        return now + self.strip.to_next_pixel() / self._speed + ROUNDING_SECONDS
