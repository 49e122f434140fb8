"""The health of all plugins while the director runs: records in memory, every change handed to the writer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from display_app.director.rows import Wanted
from display_app.director.writer import Writer
from display_app.health.record import Record
from display_app.health.records import forget, note_turn, read_records, write_record
from display_app.hosting.limits import Limits
from display_app.hosting.logs import OutputLog
from display_app.hosting.protocol import Failed, LoadFailed

logger = logging.getLogger(__name__)


class HealthBook:
    """Records by plugin."""

    def __init__(self, writer: Writer, *, on_strike: Callable[[], object] = lambda: None) -> None:
        self._writer = writer
        self._on_strike = on_strike
        self._records = read_records(now=time.monotonic(), wall_clock=time.time())
        self.limits = Limits()

    def record(self, wanted: Wanted) -> Record:
        """Return a plugin's record; another generation begins with a clean one."""
        found = self._records.get(wanted.plugin_id)
        if found is None:
            found = self._records[wanted.plugin_id] = Record(wanted.plugin_id, wanted.generation)
        elif found.generation != wanted.generation:
            found = Record(wanted.plugin_id, wanted.generation)
            self._store(found)
        return found

    def strike(self, wanted: Wanted, reason: str, *, is_overdue: bool = False) -> None:
        """Count a crash, kill or limit, or an update that did not end."""
        self._on_strike()
        record = self._change(wanted, lambda old: old.struck(time.monotonic(), reason, is_overdue=is_overdue, limits=self.limits))
        logger.warning("%s: strike %d because %s", wanted.plugin_id, len(record.strikes), reason)
        if record.quarantine_reason:
            logger.error("%s is quarantined. %s", wanted.plugin_id, record.quarantine_reason)

    def raised(self, wanted: Wanted, message: Failed) -> Record:
        """Count an exception; it is written down when its words change or the breaker moves."""
        before = self.record(wanted)
        after = before.raised(time.monotonic(), message.reason, message.traceback, network=message.network, limits=self.limits)
        self._records[wanted.plugin_id] = after
        if after.last_error != before.last_error or after.breaker.is_open() != before.breaker.is_open():
            self._store(after)
        return after

    def worked(self, wanted: Wanted) -> None:
        """Note a success after failures."""
        self._change(wanted, Record.worked)

    def loaded(self, wanted: Wanted) -> None:
        """Note that a plugin was constructed."""
        record = self.record(wanted)
        self._records[wanted.plugin_id] = record.loaded()

    def turn(self, wanted: Wanted, *, had_picture: bool, seconds: float) -> None:
        """Count a turn that a plugin had, or missed."""
        self._writer.put(partial(note_turn, wanted.plugin_id, wanted.generation, had_picture=had_picture, seconds=seconds))

    def did_not_load(self, wanted: Wanted, message: LoadFailed) -> None:
        """Note why a plugin did not start; the log says it once, not at every attempt."""
        before = self.record(wanted)
        if (before.failed_at, before.last_error) != (message.at, message.reason):
            logger.warning("%s did not start: %s", wanted.plugin_id, message.reason)
        self._change(wanted, lambda old: old.did_not_load(time.monotonic(), message.at, message.reason, message.traceback))

    def try_again(self, wanted: Wanted) -> bool:
        """Let a plugin whose breaker is open have its trial when the time has come; True when it may run."""
        record = self.record(wanted)
        breaker = record.breaker.try_again(time.monotonic())
        if breaker is not record.breaker:
            self._records[wanted.plugin_id] = replace(record, breaker=breaker)
        return not breaker.is_open()

    def postpone(self, plugin_id: str, seconds: float) -> None:
        """Start a host later, without blame."""
        if plugin_id in self._records:
            self._records[plugin_id] = replace(self._records[plugin_id], start_after=time.monotonic() + seconds)

    def release(self, wanted: Wanted) -> None:
        """Give a plugin another chance."""
        self._change(wanted, Record.released)

    def forget_all_but(self, installed: set[str]) -> None:
        """Drop what is known of plugins that are no longer installed."""
        for plugin_id in self._records.keys() - installed:
            del self._records[plugin_id]
            self._writer.put(partial(forget, plugin_id))

    def keep_log(self, log: OutputLog) -> None:
        """Have a plugin's output written to its file."""
        if log.has_waiting():
            self._writer.put(log.write)

    def _change(self, wanted: Wanted, change: Callable[[Record], Record]) -> Record:
        record = self._records[wanted.plugin_id] = change(self.record(wanted))
        self._store(record)
        return record

    def _store(self, record: Record) -> None:
        self._records[record.plugin_id] = record
        self._writer.put(partial(write_record, record, now=time.monotonic(), wall_clock=time.time()))
