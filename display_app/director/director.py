"""The director's loop: looks at the rows, keeps the right hosts running, decides who shows, and says what is going on."""

from __future__ import annotations

import logging
import selectors
import shutil
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from display_app.director.config import DirectorConfig
from display_app.director.driver import DriverKeeper
from display_app.director.handle import HostHandle
from display_app.director.health import HealthBook
from display_app.director.hosts import Hosts
from display_app.director.listening import Listener
from display_app.director.orders import Orders
from display_app.director.panel import Panel
from display_app.director.prober import Prober
from display_app.director.report import plugin_report
from display_app.director.rows import Rows, Wanted, installed_ids, read_rows, read_startable
from display_app.director.stage import Stage
from display_app.director.statefile import StateFile
from display_app.director.writer import Writer
from display_app.director.zygote import ZygoteClient
from display_app.rotation.turns import Candidate, Inputs, Readiness
from plugins_app.exceptions import LedsiteError

POLL_SECONDS = 0.5
HURRIED_POLL_SECONDS = 0.05
TICK_SECONDS = 0.05
LOG_SECONDS = 0.25
MEASURE_SECONDS = 0.5
SOON_SECONDS = 10.0
STOP_SECONDS = 1.2
INTRODUCTION_SECONDS = 300

logger = logging.getLogger(__name__)


class Director:
    """Everything that runs the panel; one per run folder."""

    def __init__(self, config: DirectorConfig, wakeups: socket.socket) -> None:
        self._config = config
        self._selector = selectors.DefaultSelector()
        self._wakeups = wakeups
        self._writer = Writer()
        self._panel = Panel(config.run_dir, width=config.width, height=config.height)
        self._driver = DriverKeeper(config, self._panel)
        self._health = HealthBook(self._writer)
        self._hosts = Hosts(config, self._selector, self._health, on_message=self._on_message, on_gone=self._on_gone)
        self._stage = Stage(self._hosts, self._panel)
        self._listener = Listener(self._stage, self._health, self._writer)
        self._zygote = ZygoteClient(
            config, on_started=self._on_host_started, on_ended=self._on_host_ended, on_lost=self._hosts.note_zygote_lost
        )
        self._hosts.zygote = self._zygote
        self._orders = Orders(self._stage, self._health, self._driver, self._writer)
        self._prober = Prober(config, self._selector, self._zygote)
        self._state_file = StateFile(config.run_dir)
        self._rows = Rows()
        self._installed: set[str] | None = None
        self._settings_seen: dict[str, int] = {}
        self._introduced: set[tuple[str, object]] = set()
        self._due: dict[str, float] = {}
        self._measured = 0
        self._changed = True
        self._stopping = False

    def run(self) -> None:
        """Run until told to stop."""
        self._writer.start()
        self._hosts.confinement = self._prober.confinement
        self._selector.register(self._wakeups, selectors.EVENT_READ, self._on_wakeup)
        try:
            while not self._stopping:
                self._turn()
        finally:
            self._end()

    def stop(self) -> None:
        """End the loop at its next turn (called by a signal handler)."""
        self._stopping = True

    # -- one turn of the loop

    def _turn(self) -> None:
        for key, _ in self._selector.select(self._patience()):
            key.data()
        if self._is_due("rows", POLL_SECONDS):
            self._look_at_rows()
        if self._is_due("children", LOG_SECONDS):
            self._look_after_children()
        if self._changed or self._is_due("tick", TICK_SECONDS):
            self._step()
        if self._is_due("measure", MEASURE_SECONDS):
            self._measured += 1
            self._hosts.measure(self._measured)
        now = time.monotonic()
        if self._state_file.due_in(now) <= 0 or (self._changed and self._state_file.may_write(now)):
            self._changed = False
            self._state_file.write(self._status())

    def _patience(self) -> float:
        now = time.monotonic()
        waits = [self._due.get(name, 0.0) - now for name in ("rows", "children", "measure")]
        turn = self._stage.state.showing
        if self._stage.state.incoming is not None or self._stage.state.waiting_for or (turn and turn.until and turn.until - now < 1.0):
            waits.append(TICK_SECONDS / 2)
        waits.append(self._state_file.due_in(now))
        return max(0.0, min(waits))

    def _is_due(self, name: str, period: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(name, 0.0):
            return False
        self._due[name] = now + period
        return True

    def _look_at_rows(self) -> None:
        try:
            rows = read_rows(after_command=self._orders.last_taken)
            if self._installed is None or rows.plugins != self._rows.plugins:
                self._tidy(installed_ids())
        except DatabaseError as error:
            logger.error("The database cannot be read now: %s", error)
            connection.close()
            return
        self._rows = rows
        self._stage.default_duration = rows.settings.default_duration
        self._panel.set_light(power=rows.settings.power, brightness=rows.settings.brightness)
        self._driver.set_hardware(dict(rows.settings.hardware))
        self._settle_hosts()
        self._introduce()
        self._orders.take(rows)
        self._changed = True

    def _look_after_children(self) -> None:
        if self._zygote.look_after() and self._zygote.channel is not None:
            self._selector.register(self._zygote.channel, selectors.EVENT_READ, self._on_zygote)
        self._driver.look_after()
        self._hosts.keep_limits()
        self._hosts.drain_logs()
        for handle in self._hosts.all():
            self._health.keep_log(handle.log)
            self._listener.look_at(handle)
        self._prober.look_after()

    def _step(self) -> None:
        names = {wanted.plugin_id: wanted.name for wanted in self._rows.plugins}
        self._stage.step(self._inputs(), names=names, idle_lines=self._idle_lines())

    # -- hosts

    def _settle_hosts(self) -> None:
        wanted = {row.plugin_id: row for row in self._rows.plugins if row.plugin_id.lower() not in self._rows.busy}
        for plugin_id, handle in list(self._hosts.by_plugin.items()):
            row = wanted.get(plugin_id)
            if row is None or row.generation != handle.wanted.generation:
                if row is not None:
                    self._stage.restarting(plugin_id)
                self._hosts.stop(plugin_id)
            elif row.settings_revision != handle.wanted.settings_revision:
                self._hand_over_settings(handle, row)
        for row in self._in_order_of_need(wanted):
            if self._settings_seen.setdefault(row.plugin_id, row.settings_revision) != row.settings_revision:
                self._settings_seen[row.plugin_id] = row.settings_revision
                if self._health.record(row).failed_at:
                    self._health.release(row)
            if row.plugin_id not in self._hosts.by_plugin and not row.incompatible and self._health.record(row).may_start(time.monotonic()):
                self._start(row)

    def _in_order_of_need(self, wanted: dict[str, Wanted]) -> list[Wanted]:
        wish = self._stage.state.on_demand
        first = {wish.plugin_id} if wish else set()
        return sorted(wanted.values(), key=lambda row: row.plugin_id not in first)

    def _start(self, row: Wanted) -> None:
        startable = self._read_startable(row)
        if startable is not None:
            try:
                self._hosts.start(row, startable, brightness=self._rows.settings.brightness)
            except OSError as error:
                logger.error("The host of %s cannot be started: %s", row.plugin_id, error)
                self._health.postpone(row.plugin_id, 5.0)

    def _read_startable(self, row: Wanted) -> Any:
        try:
            return read_startable(row.plugin_id)
        except (DatabaseError, LedsiteError) as error:
            logger.error("The settings of %s cannot be read: %s", row.plugin_id, error)
            self._health.postpone(row.plugin_id, 5.0)
            return None

    def _hand_over_settings(self, handle: HostHandle, row: Wanted) -> None:
        startable = self._read_startable(row)
        if startable is None:
            return
        if handle.vitals.is_loaded:
            handle.wanted = row
            handle.configure(startable.settings)
        else:
            self._hosts.stop(handle.plugin_id)

    def _tidy(self, installed: set[str]) -> None:
        """Forget everything of plugins that are gone: health, caches, buses, logs."""
        self._installed = installed
        self._health.forget_all_but(installed)
        for folder in (self._config.cache_root, self._config.run_dir / "hosts", self._config.log_file("x").parent):
            self._writer.put(partial(_sweep, folder, installed))

    def _introduce(self) -> None:
        young = timezone.now() - timedelta(seconds=INTRODUCTION_SECONDS)
        for row in self._rows.plugins:
            key = (row.plugin_id, row.introduced_at)
            if row.plugin_id.lower() in self._rows.busy:
                continue  # no candidate yet: the introduction would be forgotten before the host may start
            if row.introduced_at is not None and row.introduced_at > young and key not in self._introduced:
                self._introduced.add(key)
                self._stage.introduce(row.plugin_id)

    # -- what happens

    def _on_wakeup(self) -> None:
        try:
            while self._wakeups.recv(64):
                pass
        except BlockingIOError:
            self._due["rows"] = 0.0

    def _on_zygote(self) -> None:
        channel = self._zygote.channel
        was_ready = self._zygote.is_ready
        if channel is not None and not self._zygote.listen():
            self._selector.unregister(channel)
            self._zygote.bury()
        self._changed = True
        if self._zygote.is_ready and not was_ready:
            self._prober.begin()
            self._due["rows"] = 0.0

    def _on_host_started(self, message: Any) -> None:
        self._hosts.note_started(message)

    def _on_host_ended(self, message: Any) -> None:
        if not self._prober.note_ended(message):
            self._hosts.note_ended(message)
            self._due["rows"] = min(self._due.get("rows", 0.0), time.monotonic() + HURRIED_POLL_SECONDS)

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
            self._due["rows"] = 0.0  # there may be room for the next one to start

    # -- what is going on

    def _inputs(self) -> Inputs:
        return Inputs(
            now=time.monotonic(),
            candidates=tuple(self._candidate(row) for row in self._rows.plugins if row.plugin_id.lower() not in self._rows.busy),
            paused=self._rows.settings.paused,
            power=self._rows.settings.power,
            first_frame_seconds=self._config.limits.first_frame_seconds,
        )

    def _candidate(self, row: Wanted) -> Candidate:
        handle = self._hosts.by_plugin.get(row.plugin_id)
        if handle is not None and handle.is_ready and handle.wanted.generation == row.generation:
            return Candidate(row.plugin_id, handle.modes, Readiness.READY, handle.live)
        record = self._health.record(row)
        is_held = bool(row.incompatible or record.quarantine_reason) or record.breaker.is_open()
        starts_soon = handle is not None or record.start_after - time.monotonic() < SOON_SECONDS
        return Candidate(row.plugin_id, (), Readiness.STARTING if starts_soon and not is_held else Readiness.UNABLE)

    def _idle_lines(self) -> tuple[str, ...]:
        address = self._config.page_address()[0].removeprefix("http://")
        if self._installed is None or not self._zygote.is_ready:
            return ("ledsite", "starting")
        if not self._rows.plugins:
            return ("No plugins", address)
        is_starting = any(self._candidate(row).readiness is Readiness.STARTING for row in self._rows.plugins)
        return ("ledsite", "starting") if is_starting else ("Nothing to show", address)

    def _status(self) -> dict[str, Any]:
        inputs = self._inputs()
        state = self._stage.state
        showing = state.showing.slot.plugin_id if state.showing else ""
        processes = {"director": None, "zygote": self._zygote.pid, "driver": self._driver.pid}
        hosts = self._hosts.by_plugin
        plugins = {
            row.plugin_id: plugin_report(
                row,
                self._health.record(row),
                hosts.get(row.plugin_id),
                is_showing=row.plugin_id == showing,
                note=self._stage.notes.get(row.plugin_id, ""),
            )
            for row in self._rows.plugins
        }
        return {
            "power": self._rows.settings.power,
            "brightness": self._rows.settings.brightness,
            "paused": self._rows.settings.paused,
            "backend": self._driver.read_state().backend or self._config.environment.backend,
            "panel": {"width": self._config.width, "height": self._config.height},
            "now": self._stage.now(),
            "next": self._stage.next(inputs),
            "on_demand": self._stage.on_demand(),
            "fps": self._panel.fps(),
            "late_frames": sum(report["late_frames"] for report in plugins.values()),
            "driver": self._driver.state(),
            "processes": {name: pid for name, pid in processes.items() if pid}
            | {f"host {name}": found.pid for name, found in hosts.items() if found.pid},
            "isolation": self._prober.report(),
            "plugins": plugins,
        }

    def _end(self) -> None:
        """Stop everything within three seconds: hosts first, so that plugins can clean up."""
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


def _sweep(folder: Any, installed: set[str]) -> None:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        name = entry.name
        for ending in (".frames", ".log.1", ".log"):
            name = name.removesuffix(ending)
        if name in installed or name.startswith("."):
            continue
        remove: Callable[[Any], object] = shutil.rmtree if entry.is_dir() and not entry.is_symlink() else type(entry).unlink
        remove(entry)
