"""Fills the strip of the ticker: who takes part, whom to ask for pictures and when, and whose come next."""

from __future__ import annotations

from collections.abc import Sequence

from display_app.director.contents import Contents, Held
from display_app.director.handle import HostHandle
from display_app.director.hosts import Hosts
from display_app.director.turn_book import TurnBook
from display_app.hosting.protocol import Content
from display_app.rotation.rota import pick, upcoming
from display_app.rotation.strip import Strip
from display_app.rotation.ticker import STATIC, TickerSettings
from display_app.rotation.turns import Candidate, Readiness

RENEW_SECONDS = 5.0
NOTHING_SECONDS = 15.0
OPENING_SECONDS = 3.0
AHEAD_PLUGINS, ASKED_AT_ONCE = 2, 3


class Filling:
    """What plugins have for a strip, and their places on it."""

    def __init__(self, hosts: Hosts, book: TurnBook, strip: Strip) -> None:
        self._hosts = hosts
        self._book = book
        self.strip = strip
        self.contents = Contents(width=strip.width, height=strip.height)
        self.settings = TickerSettings()
        self.weights: dict[str, int] = {}
        self.modes: dict[str, tuple[str, ...]] = {}
        self._savings: dict[str, int] = {}
        self._opened_at: float | None = None
        self._is_one_starting = False

    def set(self, settings: TickerSettings) -> None:
        """Take changed settings over; what is in view goes on as it is."""
        if settings == self.settings:
            return
        for plugin_id in self.weights:
            self.contents.outdate(plugin_id, is_useless=settings.part_of(plugin_id).way != self.settings.part_of(plugin_id).way)
        self.settings = settings
        self._savings.clear()
        self.strip.drop()

    def look(self, candidates: Sequence[Candidate], *, is_shown: bool, now: float) -> None:
        """Let plugins join and leave, ask for pictures, and fill the strip beyond the edge of the panel."""
        self._see_who_takes_part(candidates)
        if self._opened_at is None and self.weights:
            self._opened_at = now
        for plugin_id in self.weights:
            self._look_for_silence(plugin_id, now=now)
        self._fill(is_shown=is_shown, now=now)
        self._ask(is_shown=is_shown, now=now)

    def is_coming(self, *, now: float) -> bool:
        """Tell whether the strip is empty but may have pictures in a moment."""
        is_early = self._opened_at is None or now < self._opened_at + OPENING_SECONDS
        return self.settings.enabled and not self.strip.segments and is_early

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

    def close(self) -> None:
        """Forget everything: the ticker is off."""
        for plugin_id in self.weights:
            if self._book.notes.get(plugin_id) == self.contents.of(plugin_id).reason:
                del self._book.notes[plugin_id]
        self._opened_at, self.weights = None, {}
        self.contents.forget_all_but(set())
        self.strip.clear()

    # -- inside

    def _see_who_takes_part(self, candidates: Sequence[Candidate]) -> None:
        self._is_one_starting = any(
            found.readiness is Readiness.STARTING and found.plugin_id not in self.settings.excluded for found in candidates
        )
        ready = {found.plugin_id: found for found in candidates if found.readiness is Readiness.READY and found.modes}
        self.weights = {plugin_id: self._weight(ready[plugin_id]) for plugin_id in self.settings.in_order(list(ready))}
        self.modes = {plugin_id: found.modes for plugin_id, found in ready.items()}
        self._savings = {plugin_id: saved for plugin_id, saved in self._savings.items() if plugin_id in self.weights}
        for plugin_id in self.contents.forget_all_but(set(self.weights)):
            self.strip.drop(plugin_id)

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

    def _fill(self, *, is_shown: bool, now: float) -> None:
        is_opening = not self.strip.segments and not is_shown
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

    def _ask(self, *, is_shown: bool, now: float) -> None:
        is_wanted = is_shown or not self.strip.segments
        near = {segment.plugin_id for segment in self.strip.segments} | set(upcoming(self.weights, self._savings, count=AHEAD_PLUGINS))
        for plugin_id in self.weights:
            if self.contents.asked(now=now) >= ASKED_AT_ONCE:
                return
            if self._is_question_due(plugin_id, is_near=is_wanted and plugin_id in near, now=now):
                self.contents.ask(self._hosts.by_plugin[plugin_id], self.settings, now=now)

    def _is_question_due(self, plugin_id: str, *, is_near: bool, now: float) -> bool:
        held, handle = self.contents.of(plugin_id), self._hosts.by_plugin.get(plugin_id)
        if held.is_asked or handle is None or not handle.is_ready or handle.told_turn is not None:
            return False
        if not held.was_answered:
            return True
        if held.picture is None:
            return now - held.asked_at >= NOTHING_SECONDS
        return is_near and now - held.asked_at >= RENEW_SECONDS
