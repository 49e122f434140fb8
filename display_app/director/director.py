"""The director's loop: looks at the rows, keeps the right hosts running, decides who shows, and says what is going on."""

from __future__ import annotations

import logging
import selectors
import socket
import time
from typing import Any

from django.db import DatabaseError, connection

from display_app.director.announcing import Announcer
from display_app.director.config import DirectorConfig
from display_app.director.driver import DriverKeeper
from display_app.director.handle import HostHandle
from display_app.director.health import HealthBook
from display_app.director.hosts import Hosts
from display_app.director.lighting import Lighting
from display_app.director.listening import Listener
from display_app.director.notices import Notices
from display_app.director.orders import Orders
from display_app.director.panel import Panel
from display_app.director.prober import Prober
from display_app.director.roster import Roster
from display_app.director.rows import LatestRows, Rows
from display_app.director.safe_mode import SafeMode
from display_app.director.stage import Stage
from display_app.director.stage_report import wall_clock_text
from display_app.director.statefile import BEAT_SECONDS, StateFile
from display_app.director.ticker import Ticker
from display_app.director.timetable import Timetable
from display_app.director.wish_book import WishBook
from display_app.director.writer import Writer
from display_app.director.zygote import ZygoteClient
from display_app.hosting.strays import end_strays
from display_app.rotation.turns import Candidate, Inputs
from plugins_app.wakeup import drain

POLL_SECONDS = 0.5
HURRIED_POLL_SECONDS = 0.05
STRAY_SECONDS = 5.0
STOP_SECONDS = 1.2
BAD_TURNS_SECONDS, MOST_BAD_TURNS, BAD_TURN_PAUSE = 60.0, 20, 0.1
SHORTEST_LOOK_SECONDS = 0.02

logger = logging.getLogger(__name__)


class Director:
    """Everything that runs the panel; one per run folder."""

    def __init__(self, config: DirectorConfig, wakeups: socket.socket) -> None:
        self._config = config
        self._selector = selectors.DefaultSelector()
        self._wakeups = wakeups
        self._writer = Writer()
        self._panel = Panel(config.run_dir, width=config.width, height=config.height)
        self._lighting = Lighting(self._panel, time_zone=config.environment.time_zone)
        self._driver = DriverKeeper(config, self._panel)
        self._notices = Notices(self._panel, self._writer, wall_clock=wall_clock_text)
        self._safe_mode = SafeMode(config.environment.data_dir, self._writer)
        self._health = HealthBook(self._writer, on_strike=self._safe_mode.note_blame)
        self._hosts = Hosts(config, self._selector, self._health, on_message=self._on_message, on_gone=self._on_gone)
        self._stage = Stage(self._hosts, self._panel)
        self._ticker = Ticker(self._hosts, self._panel, self._stage.book)
        self._wishes = WishBook()
        self._listener = Listener(self._stage, self._ticker, self._health, self._writer)
        self._zygote = ZygoteClient(config, on_started=self._on_host_started, on_ended=self._on_host_ended, on_lost=self._on_zygote_lost)
        self._hosts.zygote = self._zygote
        self._orders = Orders(self._stage, self._ticker, self._health, self._driver, self._writer, safe_mode=self._safe_mode)
        self._prober = Prober(config, self._selector, self._zygote)
        self._roster = Roster(config, self._hosts, self._stage, self._health, self._writer, safe_mode=self._safe_mode)
        self._announcer = Announcer(
            config=config,
            panel=self._panel,
            lighting=self._lighting,
            notices=self._notices,
            stage=self._stage,
            ticker=self._ticker,
            wishes=self._wishes,
            roster=self._roster,
            hosts=self._hosts,
            driver=self._driver,
            zygote=self._zygote,
            prober=self._prober,
            safe_mode=self._safe_mode,
        )
        self._state_file = StateFile(config.run_dir)
        self._rows = self._taken = Rows()
        self._names: dict[str, str] = {}
        self._latest = LatestRows()
        self._timetable = Timetable()
        self._bad_turns: list[float] = []
        self._orphaned_at = -STRAY_SECONDS
        self._looked_at = self._due_at = self._step_at = 0.0
        self._changed = True
        self._stopping = False

    def run(self) -> None:
        """Run until told to stop."""
        self._writer.start()
        self._hosts.confinement = self._prober.confinement
        self._selector.register(self._wakeups, selectors.EVENT_READ, self._on_wakeup)
        try:
            while not self._stopping:
                try:
                    self._turn()
                except Exception:  # the last resort of this loop: one bad turn must not darken the panel
                    logger.exception("A turn of the loop failed")
                    if self._is_hopeless():
                        raise
        finally:
            self._end()

    def _is_hopeless(self) -> bool:
        """Note a turn that failed and wait a moment; True when it was one of so many that only a fresh start may help."""
        now = time.monotonic()
        self._bad_turns = [at for at in self._bad_turns if now - at < BAD_TURNS_SECONDS] + [now]
        time.sleep(BAD_TURN_PAUSE)
        return len(self._bad_turns) > MOST_BAD_TURNS

    def stop(self) -> None:
        """End the loop at its next turn (called by a signal handler)."""
        self._stopping = True

    # -- one turn of the loop

    def _turn(self) -> None:
        for key, _ in self._selector.select(self._due_at - time.monotonic()):
            key.data()
        if self._changed or time.monotonic() >= self._due_at:  # else a frame has gone its way, and that was all
            self._work()
            self._due_at = time.monotonic() + self._patience()

    def _work(self) -> None:
        """Do what is due, or what a change asks for."""
        self._ticker.animate(now=time.monotonic())
        self._panel.animate()
        if self._timetable.is_due("rows", POLL_SECONDS):
            self._look_at_rows()
        if self._timetable.is_due("children", POLL_SECONDS):
            self._look_after_children()
        if self._changed or time.monotonic() >= self._step_at:
            self._step()
        is_beat_due = self._timetable.is_due("beat", BEAT_SECONDS)
        if is_beat_due or (self._changed and not self._state_file.rest_in(time.monotonic())):
            self._changed = False
            self._state_file.write(self._announcer.status(self._rows, self._inputs()))

    def _patience(self) -> float:
        now = time.monotonic()
        waits = [self._timetable.due_in("rows", "children", "beat"), self._step_at - now]
        if self._changed:
            waits.append(self._state_file.rest_in(now))
        waits += [part.due_in(now) for part in (self._notices, self._ticker, self._panel)]
        return min(waits)

    def _hurry(self, chore: str, *, at: float = 0.0) -> None:
        self._timetable.hurry(chore, at=at)
        self._due_at = min(self._due_at, at)

    def _look_at_rows(self) -> None:
        self._looked_at = self._step_at = time.monotonic()
        try:
            rows = self._latest.read(after_command=self._orders.last_taken)
            if rows is not self._taken:
                self._roster.tidy(rows)
        except DatabaseError as error:
            logger.error("The database cannot be read now: %s", error)
            connection.close()
            return
        self._rows = rows
        if rows is not self._taken:
            self._set(rows)
        self._roster.settle(rows)
        if self._roster.is_more_to_start:
            self._hurry("rows", at=self._looked_at + SHORTEST_LOOK_SECONDS)
        if rows is not self._taken:
            self._notices.settle(rows)
            self._orders.take(rows)
            self._taken = rows
            self._changed = True

    def _set(self, rows: Rows) -> None:
        """Hand changed settings to the parts that they concern."""
        self._names = {wanted.plugin_id: wanted.name for wanted in rows.plugins}
        self._stage.turn_seconds = rows.settings.limits.turn_seconds
        self._stage.durations = self._hosts.durations = rows.settings.durations
        self._stage.transition = self._notices.transition = (rows.settings.transition, rows.settings.transition_seconds)
        self._ticker.filling.set(rows.settings.ticker)
        self._driver.set_hardware(dict(rows.settings.hardware))
        self._hosts.limits = self._health.limits = self._listener.limits = rows.settings.limits

    def _look_after_children(self) -> None:
        if self._zygote.look_after() and self._zygote.channel is not None:
            self._selector.register(self._zygote.channel, selectors.EVENT_READ, self._on_zygote)
        self._driver.look_after()
        self._hosts.keep_limits()
        self._safe_mode.look()
        self._hosts.drain_logs()
        for handle in self._hosts.all():
            self._listener.look_at(handle)
        self._hosts.measure_some()
        self._prober.look_after()
        if self._timetable.is_due("strays", STRAY_SECONDS) or time.monotonic() < self._orphaned_at + STRAY_SECONDS:
            end_strays(kept={pid for pid in (self._zygote.pid, self._driver.pid) if pid})

    def _step(self) -> None:
        is_on_demand = self._stage.state.on_demand is not None
        self._lighting.look(self._rows.settings.light, is_asked_for=is_on_demand or self._notices.is_urgent)
        self._notices.look(self._lighting.surroundings(is_on_demand=is_on_demand))
        candidates = self._roster.candidates()
        self._ticker.look(candidates, now=time.monotonic())
        inputs = self._inputs(candidates)
        self._stage.step(inputs, names=self._names, idle_lines=lambda: self._announcer.idle_lines(self._rows))
        state = self._stage.state
        self._ticker.follow(state, is_covered=self._stage.is_covered, is_paused=inputs.paused, now=inputs.now)
        self._wishes.look(state, notes=self._stage.book.notes, reason_of=self._roster.reason_of)
        self._step_at = min(self._stage.next_step(inputs.now), self._ticker.next_look(inputs.now))

    # -- what happens

    def _on_wakeup(self) -> None:
        self._hurry("rows", at=self._looked_at + SHORTEST_LOOK_SECONDS)
        drain(self._wakeups)

    def _on_zygote(self) -> None:
        channel = self._zygote.channel
        was_ready = self._zygote.is_ready
        if channel is not None and not self._zygote.listen():
            self._selector.unregister(channel)
            self._zygote.bury()
        self._changed = True
        if self._zygote.is_ready and not was_ready:
            self._prober.begin()
            self._hurry("rows")

    def _on_host_started(self, message: Any) -> None:
        self._hosts.note_started(message)

    def _on_host_ended(self, message: Any) -> None:
        if not self._prober.note_ended(message):
            self._hosts.note_ended(message)
            self._hurry("rows", at=time.monotonic() + HURRIED_POLL_SECONDS)

    def _on_zygote_lost(self) -> None:
        self._hosts.note_zygote_lost()
        self._safe_mode.note_lost()
        self._orphaned_at = time.monotonic()  # what its hosts have started comes to us, sooner or later

    def _on_gone(self, plugin_id: str) -> None:
        self._stage.gone(plugin_id)
        self._changed = True

    def _on_message(self, handle: HostHandle, message: Any) -> None:
        answer = self._listener.hear(handle, message)
        if answer is Listener.RESTART:
            self._stage.restarting(handle.plugin_id)
            self._hosts.stop(handle.plugin_id)
        self._changed = self._changed or answer is not Listener.NOTHING
        if answer is Listener.READY:
            self._hurry("rows")  # there may be room for the next one to start

    # -- what is going on

    def _inputs(self, candidates: tuple[Candidate, ...] | None = None) -> Inputs:
        now = time.monotonic()
        return Inputs(
            now=now,
            candidates=self._roster.candidates() if candidates is None else candidates,
            paused=self._rows.settings.paused,
            power=self._lighting.light.power,
            covered=self._notices.is_showing,
            first_frame_seconds=self._rows.settings.limits.turn_seconds,
            ticker=self._ticker.view(now=now),
        )

    def _end(self) -> None:
        """Stop everything within three seconds: hosts first, so that plugins can clean up."""
        if self._stopping:
            self._safe_mode.note_end()
        by = time.monotonic() + STOP_SECONDS
        for handle in self._hosts.all():
            handle.ask_to_stop(by=by)
        while self._hosts.all() and time.monotonic() < by:
            for key, _ in self._selector.select(0.05):
                key.data()
        self._zygote.stop()
        self._driver.stop()
        self._writer.finish(timeout=0.5)
        self._panel.close()
        self._state_file.remove()
        self._selector.close()
