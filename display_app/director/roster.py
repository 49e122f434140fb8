"""Which plugins have a host: starts and stops them as the rows say, hands over settings, and says how each is."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from display_app.director.config import DirectorConfig
from display_app.director.handle import HostHandle
from display_app.director.health import HealthBook
from display_app.director.hosts import Hosts
from display_app.director.report import plugin_report
from display_app.director.rows import Rows, Startable, Wanted, installed_ids, read_startable
from display_app.director.safe_mode import SafeMode
from display_app.director.stage import Stage
from display_app.director.writer import Writer
from display_app.rotation.turns import Candidate, Readiness
from plugins_app.exceptions import LedsiteError

SOON_SECONDS = 10.0
RETRY_SECONDS = 5.0
INTRODUCTION_SECONDS = 300

logger = logging.getLogger(__name__)


class Roster:
    """The plugins that are wanted on, and their hosts."""

    def __init__(
        self, config: DirectorConfig, hosts: Hosts, stage: Stage, health: HealthBook, writer: Writer, *, safe_mode: SafeMode
    ) -> None:
        self._config = config
        self._hosts = hosts
        self._stage = stage
        self._health = health
        self._writer = writer
        self._safe_mode = safe_mode
        self._rows = Rows()
        self._wanted: dict[str, Wanted] = {}
        self._was_safe = self._is_settled = False
        self._installed: set[str] | None = None
        self._settings_seen: dict[str, int] = {}
        self._introduced: set[tuple[str, object]] = set()
        self.is_more_to_start = False

    def settle(self, rows: Rows) -> None:
        """Stop what must not run, start what should, introduce what is new."""
        if rows is not self._rows or self._safe_mode.is_on != self._was_safe or not self._is_settled:
            self._rows, self._was_safe, self._is_settled = rows, self._safe_mode.is_on, False
            self._wanted = {row.plugin_id: row for row in rows.plugins if not self._is_busy(row) and self._is_allowed(row)}
            self._is_settled = self._follow_changes()
        self._start_one()

    def tidy(self, rows: Rows) -> None:
        """Forget everything of plugins that are no longer installed: health, caches, buses, logs. DatabaseError passes through."""
        if self._installed is not None and rows.plugins == self._rows.plugins:
            return
        self._installed = installed_ids()
        self._health.forget_all_but(self._installed)
        for folder in (self._config.cache_root, self._config.run_dir / "hosts", self._config.log_file("x").parent):
            self._writer.put(partial(_sweep, folder, self._installed))

    def candidates(self) -> tuple[Candidate, ...]:
        """Return every plugin that may have the panel, in order."""
        return tuple(self._candidate(row) for row in self._rows.plugins if not self._is_busy(row))

    def is_starting(self) -> bool:
        """Tell whether any plugin may still be able to draw soon."""
        return any(candidate.readiness is Readiness.STARTING for candidate in self.candidates())

    def reports(self, showing: str) -> dict[str, dict[str, Any]]:
        """Return state, reason and numbers of every plugin."""
        return {
            row.plugin_id: plugin_report(
                row,
                self._health.record(row),
                self._hosts.by_plugin.get(row.plugin_id),
                is_showing=row.plugin_id == showing,
                is_allowed=self._is_allowed(row),
                note=self._stage.book.notes.get(row.plugin_id, ""),
            )
            for row in self._rows.plugins
        }

    def reason_of(self, plugin_id: str) -> str:
        """Return why a plugin cannot draw now; empty when nothing is known."""
        report = self.reports("").get(plugin_id)
        return str(report["reason"]) if report else f"{plugin_id} is not switched on."

    # -- inside

    def _follow_changes(self) -> bool:
        """Bring hosts in line with the rows; False when one must be tried again, because its settings could not be read."""
        are_done = [self._check(handle, self._wanted.get(plugin_id)) for plugin_id, handle in list(self._hosts.by_plugin.items())]
        for row in self._wanted.values():
            self._forgive_after_change(row)
            self._introduce(row)
        return all(are_done)

    def _start_one(self) -> None:
        """Start the first that may be: one at a look, for each takes milliseconds in which no frame moves on."""
        self.is_more_to_start = False
        missing = [row for row in self._wanted.values() if row.plugin_id not in self._hosts.by_plugin]
        startable = (row for row in self._in_order_of_need(missing) if self._hosts.has_room() and self._may_start(row))
        first = next(startable, None)
        if first is not None:
            self._start(first)
            self.is_more_to_start = next(startable, None) is not None

    def _may_start(self, row: Wanted) -> bool:
        return not row.incompatible and self._health.record(row).may_start(time.monotonic())

    def _is_busy(self, row: Wanted) -> bool:
        return row.plugin_id.lower() in self._rows.busy

    def _is_allowed(self, row: Wanted) -> bool:
        return row.is_bundled or not self._safe_mode.is_on

    def _check(self, handle: HostHandle, row: Wanted | None) -> bool:
        if row is None:
            self._hosts.stop(handle.plugin_id)
        elif (row.generation, row.start_mark) != (handle.wanted.generation, handle.wanted.start_mark):
            self._stage.restarting(handle.plugin_id)
            self._hosts.stop(handle.plugin_id)
        elif row.settings_revision != handle.wanted.settings_revision:
            return self._hand_over_settings(handle, row)
        return True

    def _candidate(self, row: Wanted) -> Candidate:
        handle = self._hosts.by_plugin.get(row.plugin_id)
        if handle is not None and handle.is_ready and handle.wanted.generation == row.generation:
            return Candidate(row.plugin_id, handle.modes, Readiness.READY, handle.live)
        record = self._health.record(row)
        is_held = bool(row.incompatible or record.quarantine_reason) or record.breaker.is_open() or not self._is_allowed(row)
        starts_soon = handle is not None or record.start_after - time.monotonic() < SOON_SECONDS
        return Candidate(row.plugin_id, (), Readiness.STARTING if starts_soon and not is_held else Readiness.UNABLE)

    def _in_order_of_need(self, rows: list[Wanted]) -> list[Wanted]:
        wish = self._stage.state.on_demand
        return sorted(rows, key=lambda row: row.plugin_id != wish.plugin_id) if wish else rows

    def _forgive_after_change(self, row: Wanted) -> None:
        """Try a plugin again at once when its settings have changed, whatever kept it from running."""
        seen = self._settings_seen.get(row.plugin_id)
        self._settings_seen[row.plugin_id] = row.settings_revision
        if seen not in (None, row.settings_revision) and self._health.record(row).is_held_back(time.monotonic()):
            self._health.release(row)

    def _start(self, row: Wanted) -> None:
        startable = self._read_startable(row)
        if startable is None:
            return
        if not row.is_bundled:
            self._safe_mode.begin()
        try:
            self._hosts.start(row, startable, brightness=self._rows.settings.light.brightness)
        except OSError as error:
            logger.error("The host of %s cannot be started: %s", row.plugin_id, error)
            self._health.postpone(row.plugin_id, RETRY_SECONDS)

    def _read_startable(self, row: Wanted) -> Startable | None:
        try:
            return read_startable(row.plugin_id)
        except (DatabaseError, LedsiteError) as error:
            logger.error("The settings of %s cannot be read: %s", row.plugin_id, error)
            self._health.postpone(row.plugin_id, RETRY_SECONDS)
            return None

    def _hand_over_settings(self, handle: HostHandle, row: Wanted) -> bool:
        startable = self._read_startable(row)
        if startable is None:
            return False
        if handle.vitals.is_loaded:
            handle.wanted = row
            handle.configure(startable.settings)
        else:
            self._hosts.stop(handle.plugin_id)
        return True

    def _introduce(self, row: Wanted) -> None:
        key = (row.plugin_id, row.introduced_at)
        young = timezone.now() - timedelta(seconds=INTRODUCTION_SECONDS)
        if row.introduced_at is not None and row.introduced_at > young and key not in self._introduced:
            self._introduced.add(key)
            self._stage.introduce(row.plugin_id)


def _sweep(folder: Path, installed: set[str]) -> None:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        name = entry.name
        for ending in (".frames", ".log.1", ".log"):
            name = name.removesuffix(ending)
        if name in installed or name.startswith("."):
            continue
        remove: Callable[[Path], object] = shutil.rmtree if entry.is_dir() and not entry.is_symlink() else Path.unlink
        remove(entry)
