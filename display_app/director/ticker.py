"""The continuous ticker: keeps the strip filled with what plugins have, moves it, and halts where one wants the whole panel.

The strip moves by time, one step a pixel and at most 60 a second, whatever hosts do: each step crops pictures that are already here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image

from display_app.director.contents import Contents, Held
from display_app.director.handle import HostHandle
from display_app.director.hosts import Hosts
from display_app.director.panel import Panel
from display_app.director.turn_book import TurnBook
from display_app.hosting.protocol import Content
from display_app.rotation.rota import pick, upcoming
from display_app.rotation.strip import Segment, Strip
from display_app.rotation.ticker import STATIC, TickerSettings
from display_app.rotation.transitions import FRAME_SECONDS
from display_app.rotation.turns import TICKER_SLOT, Candidate, Rank, Readiness, Slot, State, TickerView

RENEW_SECONDS = 5.0
NOTHING_SECONDS = 15.0
OPENING_SECONDS = 3.0
HIDDEN_SECONDS = 60.0
LONGEST_STEP_SECONDS = 0.1
AHEAD_PLUGINS, ASKED_AT_ONCE = 2, 3
ROUNDING_SECONDS = 0.0002


class Ticker:
    """The strip of all plugins, on the panel while the tick says so."""

    def __init__(self, hosts: Hosts, panel: Panel, book: TurnBook) -> None:
        self._hosts = hosts
        self._panel = panel
        self._book = book
        width, height = panel.size
        self.strip = Strip(width=width, height=height)
        self.contents = Contents(width=width, height=height)
        self.settings = TickerSettings()
        self.weights: dict[str, int] = {}
        self.late = 0
        self._savings: dict[str, int] = {}
        self._modes: dict[str, tuple[str, ...]] = {}
        self._stops: dict[str, int] = {}
        self._opened_at: float | None = None
        self._is_one_starting = False
        self._is_shown = self._moves = False
        self._moved_at = self._step_at = 0.0
        self._hidden_at = math.inf
        self._stop: Slot | None = None
        self._halted: Segment | None = None
        self._was_seen = False

    # -- what is decided many times a second

    def set(self, settings: TickerSettings) -> None:
        """Take changed settings over; what is in view goes on as it is."""
        if settings == self.settings:
            return
        for plugin_id in self.weights:
            self.contents.outdate(plugin_id, is_useless=settings.part_of(plugin_id).way != self.settings.part_of(plugin_id).way)
        self.settings = settings
        self._savings.clear()
        self.strip.drop()

    def look(self, candidates: Sequence[Candidate], *, now: float) -> None:
        """Let plugins join and leave, ask for pictures, and fill the strip beyond the edge of the panel."""
        if not self.settings.enabled:
            self._close()
            return
        self._see_who_takes_part(candidates)
        if self._opened_at is None and self.weights:
            self._opened_at = now
        for plugin_id in self.weights:
            self._look_for_silence(plugin_id, now=now)
        self._fill(now=now)
        self._ask(now=now)

    def view(self, *, now: float) -> TickerView:
        """Return what the tick must know."""
        is_ready = bool(self.strip.segments)
        is_coming = self.settings.enabled and not is_ready and (self._opened_at is None or now < self._opened_at + OPENING_SECONDS)
        return TickerView(is_ready, is_coming, self._stop, self.settings.live_in_ticker)

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
        halted = self.strip.move(self.settings.speed * min(now - self._moved_at, LONGEST_STEP_SECONDS))
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

    def skip(self) -> None:
        """Go on to the next plugin on the strip."""
        if self._is_shown:
            self._stop = self._halted = None
            self.strip.skip()

    def hear(self, handle: HostHandle, message: Content) -> None:
        """Take in what a host has."""
        held = self.contents.hear(handle.plugin_id, message)
        if held is None:
            return
        if held.picture is None:
            self._leave(handle.plugin_id, held.reason)
            return
        self._book.notes.pop(handle.plugin_id, None)
        self.strip.renew(handle.plugin_id, held.picture, stops=held.way == STATIC)

    # -- who takes part

    def _close(self) -> None:
        for plugin_id in self.weights:
            if self._book.notes.get(plugin_id) == self.contents.of(plugin_id).reason:
                del self._book.notes[plugin_id]
        self._opened_at, self._stop, self._halted, self.weights = None, None, None, {}
        self.contents.forget_all_but(set())
        self.strip.clear()

    def _see_who_takes_part(self, candidates: Sequence[Candidate]) -> None:
        self._is_one_starting = any(
            found.readiness is Readiness.STARTING and found.plugin_id not in self.settings.excluded for found in candidates
        )
        ready = {found.plugin_id: found for found in candidates if found.readiness is Readiness.READY and found.modes}
        self.weights = {plugin_id: self._weight(ready[plugin_id]) for plugin_id in self.settings.in_order(list(ready))}
        self._modes = {plugin_id: found.modes for plugin_id, found in ready.items()}
        self._savings = {plugin_id: saved for plugin_id, saved in self._savings.items() if plugin_id in self.weights}
        for plugin_id in self.contents.forget_all_but(set(self.weights)):
            self.strip.drop(plugin_id)
        if self._stop is not None and self._stop.plugin_id not in self.weights:
            self._stop = None

    def _weight(self, candidate: Candidate) -> int:
        wanted = self.settings.part_of(candidate.plugin_id).weight or self.contents.of(candidate.plugin_id).weight or 1
        return max(wanted, self.settings.live_weight) if candidate.live and self.settings.live_in_ticker else wanted

    def _look_for_silence(self, plugin_id: str, *, now: float) -> None:
        handle = self._hosts.by_plugin.get(plugin_id)
        if handle is None or handle.told_turn is not None or (handle.vitals.beat is not None and handle.vitals.beat.updating):
            return  # it has other things to do, and its older pictures are good enough
        if self.contents.give_up(plugin_id, now=now):
            self._leave(plugin_id, self.contents.of(plugin_id).reason)

    def _leave(self, plugin_id: str, reason: str) -> None:
        self.strip.drop(plugin_id)
        if reason:
            self._book.note(plugin_id, reason)

    # -- the strip

    def _fill(self, *, now: float) -> None:
        is_opening = not self.strip.segments and not self._is_shown
        if is_opening and self._may_still_come(now):
            return
        for _ in range(2 * sum(self.weights.values())):
            if self.strip.ahead() >= self.strip.width:
                return
            plugin_id, savings = pick(self.weights, self._savings)
            self._savings = dict(savings)
            held = self.contents.of(plugin_id)
            if held.picture is not None:
                self._append(plugin_id, held, at_once=is_opening)

    def _append(self, plugin_id: str, held: Held, *, at_once: bool) -> None:
        assert held.picture is not None
        self.strip.append(plugin_id, held.picture, gap=self.settings.gap, stops=held.way == STATIC, at_once=at_once)

    def _may_still_come(self, now: float) -> bool:
        """Tell whether the strip should not begin yet because somebody may come first who has not answered."""
        is_early = self._opened_at is not None and now < self._opened_at + OPENING_SECONDS
        return is_early and (self._is_one_starting or any(not self.contents.of(plugin_id).was_answered for plugin_id in self.weights))

    def _ask(self, *, now: float) -> None:
        near = {segment.plugin_id for segment in self.strip.segments} if self._is_shown else set()
        near |= set(upcoming(self.weights, self._savings, count=AHEAD_PLUGINS))
        for plugin_id in self.weights:
            if self.contents.asked() >= ASKED_AT_ONCE:
                return
            if self._is_question_due(plugin_id, is_near=plugin_id in near, now=now):
                self.contents.ask(self._hosts.by_plugin[plugin_id], self.settings, now=now)

    def _is_question_due(self, plugin_id: str, *, is_near: bool, now: float) -> bool:
        held, handle = self.contents.of(plugin_id), self._hosts.by_plugin.get(plugin_id)
        if held.is_asked or handle is None or not handle.is_ready or handle.told_turn is not None:
            return False
        if not held.was_answered:
            return True
        if held.picture is None:
            return now - held.asked_at >= NOTHING_SECONDS
        return is_near and (self._is_shown or not self.strip.segments) and now - held.asked_at >= RENEW_SECONDS

    # -- moving

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
        modes = self._modes.get(segment.plugin_id)
        if modes:
            number = self._stops[segment.plugin_id] = self._stops.get(segment.plugin_id, -1) + 1
            self._stop, self._halted, self._moves = Slot(segment.plugin_id, modes[number % len(modes)]), segment, False

    def _period(self) -> float:
        return max(FRAME_SECONDS, 1 / self.settings.speed)

    def _next_step(self, now: float) -> float:
        """Return when the next whole pixel is due, or the next frame when pixels come faster than those."""
        if self.settings.speed > 1 / FRAME_SECONDS:
            return max(self._step_at + FRAME_SECONDS, now)
        return now + self.strip.to_next_pixel() / self.settings.speed + ROUNDING_SECONDS
