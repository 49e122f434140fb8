"""Carries out what the rotation decides: tells hosts to draw or not, and puts the frames of the one that has the panel on it."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from display_app.director.handle import HostHandle
from display_app.director.hosts import Hosts
from display_app.director.panel import Panel
from display_app.director.pictures import idle_picture, starting_picture
from display_app.director.stage_report import next_report, now_report
from display_app.director.turn_book import TurnBook
from display_app.hosting.limits import DEFAULT, in_words
from display_app.hosting.protocol import Drawn, Published, Show
from display_app.rotation import events
from display_app.rotation.durations import Durations
from display_app.rotation.tick import next_moment, peek, tick
from display_app.rotation.transitions import CUT
from display_app.rotation.turns import Inputs, OnDemand, Rank, Readiness, State, Turn

IDLE_AFTER_SECONDS = 0.3
SETTLE_SECONDS, WAITING_SECONDS = 0.05, 0.025
HOLD_SECONDS = 3.0
LONGEST_SECONDS = 7 * 86400.0

logger = logging.getLogger(__name__)


class Stage:
    """The rotation's state, and what hosts and panel were told of it."""

    def __init__(self, hosts: Hosts, panel: Panel) -> None:
        self._hosts = hosts
        self._panel = panel
        self.state = State()
        self.book = TurnBook(hosts)
        self.durations = Durations()
        self.turn_seconds = DEFAULT.turn_seconds
        self.transition = (CUT, 0.0)
        self._begun: Turn | None = None
        self._covered_by = ""
        self._empty_since = time.monotonic()
        self._is_settled = False
        self.is_idle = False
        self.asked_by_person = False

    # -- what happens

    def published(self, handle: HostHandle, message: Published) -> None:
        """Take a frame when it is of the turn that has the panel."""
        if self.state.showing is not None and message.turn == self.state.showing.number:
            self._put_frame_of(handle)
        else:
            self.state = events.published(self.state, now=time.monotonic(), number=message.turn)

    def drawn(self, handle: HostHandle, message: Drawn) -> None:
        """A first display() has returned."""
        if not message.shown:
            self.book.missed(handle.plugin_id, "It had nothing to show when it was its turn.")
            self.state = events.missed(self.state, number=message.turn)
            return
        if self._is_incoming(message.turn) and handle.reader.read() is None:
            self.book.missed(handle.plugin_id, "It drew nothing when it was its turn.")
            self.state = events.missed(self.state, number=message.turn)
            return
        seconds = min(max(message.maximum if message.dynamic else message.base, 0.0), LONGEST_SECONDS)
        self.state = events.drawn(self.state, now=time.monotonic(), number=message.turn, seconds=seconds)

    def failed(self, handle: HostHandle, reason: str) -> None:
        """A display() has raised: its plugin draws no more in this turn."""
        self.book.note(handle.plugin_id, f"Drawing failed: {reason}")
        turn, handle.told_turn = handle.told_turn, None
        if turn is not None:
            self.state = events.missed(self.state, number=turn, whole_plugin=True)

    def over(self, number: int) -> None:
        """A turn has ended itself."""
        self.state = events.over(self.state, number=number)

    def gone(self, plugin_id: str) -> None:
        """A host can draw no longer."""
        self.state = events.lost(self.state, plugin_id=plugin_id)

    def restarting(self, plugin_id: str) -> None:
        """A host is started again on purpose: when it has the panel, it gets it back."""
        self.state = events.restarting(self.state, plugin_id=plugin_id, until=time.monotonic() + HOLD_SECONDS)

    def stalled(self, handle: HostHandle) -> None:
        """A running display() takes so long that others should have the panel."""
        turn = self.state.showing
        if turn is not None and turn.number == handle.told_turn and not turn.is_over:
            self.book.note(handle.plugin_id, f"Drawing took longer than {in_words(self.turn_seconds)}, so its turn was passed on.")
            self.state = events.over(self.state, number=turn.number)

    # -- what is asked for

    def show(self, wish: OnDemand, *, by_person: bool) -> None:
        """Show something now; a plugin's wish does not replace a person's."""
        if by_person or self.state.on_demand is None or not self.asked_by_person:
            self.asked_by_person = by_person
            self.state = events.show(self.state, wish, now=time.monotonic())
        else:
            logger.info("%s asked to be shown, but what a person asked for goes on", wish.plugin_id)

    def stop_showing(self, plugin_id: str | None = None) -> None:
        """End what is shown on demand."""
        self.state = events.stop_showing(self.state, now=time.monotonic(), plugin_id=plugin_id)

    def refuse(self, wish: OnDemand) -> None:
        """Note that something was asked for that cannot be shown."""
        self.state = events.refuse(self.state, wish, now=time.monotonic())

    def next_turn(self) -> None:
        """Go on to something else."""
        self.state = events.next_turn(self.state, now=time.monotonic())

    def introduce(self, plugin_id: str) -> None:
        """Show a new plugin once, at once."""
        self.state = events.introduce(self.state, plugin_id=plugin_id)

    # -- the decision, carried out

    def step(self, inputs: Inputs, *, names: Mapping[str, str], idle_lines: Callable[[], tuple[str, ...]]) -> None:
        """Decide, tell the hosts, and draw what only the director can."""
        before = self.state
        self.state, passed = tick(before, inputs)
        self._is_settled = self.state == before
        for slot in passed:
            self.book.missed(
                slot.plugin_id, f"It brought no picture within {in_words(inputs.first_frame_seconds)}, so its turn was passed on."
            )
        waiting = self._starting_plugin(inputs)
        self._tell_hosts(covered=bool(waiting))
        showing = self.state.showing
        if showing is not None and (self._begun is None or showing.number != self._begun.number):
            self._begin(showing)
        if inputs.covered:
            self._begun, self._covered_by, self._empty_since = None, "", inputs.now
        elif inputs.power:
            self._draw_own(waiting, inputs, names=names, idle_lines=idle_lines)

    def now(self) -> dict[str, Any] | None:
        """Return what the picture on the panel came from."""
        return None if self._covered_by else now_report(self.state)

    def next(self, inputs: Inputs) -> dict[str, Any] | None:
        """Return what comes next."""
        return next_report(peek(self.state, inputs))

    @property
    def is_covered(self) -> bool:
        """Tell whether the panel says that a plugin starts, in front of what is shown."""
        return bool(self._covered_by)

    def next_step(self, now: float) -> float:
        """Return when to decide again if nothing is heard before that."""
        if not self._is_settled:
            return now + SETTLE_SECONDS
        idle_at = self._empty_since + IDLE_AFTER_SECONDS
        is_idle_soon = self.state.showing is None and idle_at > now
        return max(now + WAITING_SECONDS, min(next_moment(self.state, now=now), idle_at if is_idle_soon else math.inf))

    # -- inside

    def _is_incoming(self, number: int) -> bool:
        return self.state.incoming is not None and self.state.incoming.number == number

    def _starting_plugin(self, inputs: Inputs) -> str:
        plugin_id = self.state.waiting_for if inputs.now >= self.state.held_until else None
        candidate = inputs.candidate(plugin_id) if plugin_id else None
        return candidate.plugin_id if candidate is not None and candidate.readiness is Readiness.STARTING else ""

    def _tell_hosts(self, *, covered: bool) -> None:
        wanted: dict[str, Turn] = {}
        for turn in (self.state.showing, self.state.incoming):
            if turn is not None and not turn.is_lost and not (covered and turn is self.state.showing):
                wanted[turn.slot.plugin_id] = turn
        for handle in self._hosts.by_plugin.values():
            asked = wanted.get(handle.plugin_id)
            if asked is None and handle.told_turn is not None:
                handle.hide()
            elif asked is not None and handle.told_turn != asked.number and handle.is_ready:
                handle.show(self._order(asked))

    def _order(self, turn: Turn) -> Show:
        durations = self.durations
        own = durations.of(turn.slot) or 0.0
        return Show(turn.number, turn.slot.mode, durations.default, own, durations.longest, turn.fresh)

    def _begin(self, turn: Turn) -> None:
        self.book.begin(turn.slot.plugin_id)
        before, self._begun = self._begun, turn
        self._covered_by = ""
        self.is_idle = False
        is_within_ticker = before is not None and before.rank is turn.rank is Rank.TICKER
        if turn.fresh and not is_within_ticker:
            self._panel.begin_transition(*self.transition)
        handle = self._hosts.by_plugin.get(turn.slot.plugin_id)
        if handle is not None:
            self._put_frame_of(handle)

    def _put_frame_of(self, handle: HostHandle) -> None:
        frame = handle.reader.read()
        if frame is None or self._covered_by:
            return
        if (frame.width, frame.height) != self._panel.size:
            self.book.note(handle.plugin_id, "Its picture was not of the size of this panel.")
            return
        self._panel.put(frame.rgb)
        self.book.saw(handle.plugin_id, is_black=self._panel.is_black())

    def _draw_own(self, waiting: str, inputs: Inputs, *, names: Mapping[str, str], idle_lines: Callable[[], tuple[str, ...]]) -> None:
        width, height = self._panel.size
        if waiting:
            self._covered_by = waiting
            self._panel.put(starting_picture(names.get(waiting, waiting), width=width, height=height))
        elif self._covered_by:
            self._covered_by = ""
            self._uncover()
        if self.state.showing is not None or waiting:
            self._empty_since = inputs.now
        elif self.state.incoming is None and inputs.now - self._empty_since >= IDLE_AFTER_SECONDS:
            self.is_idle = True
            self._panel.put(idle_picture(idle_lines(), width=width, height=height))

    def _uncover(self) -> None:
        handle = self._hosts.by_plugin.get(self.state.showing.slot.plugin_id) if self.state.showing else None
        if handle is not None:
            self._put_frame_of(handle)
