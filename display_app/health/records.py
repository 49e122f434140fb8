"""Health in rows: read once when the director starts, written by its writer thread; quarantine and release with their Issue."""

from __future__ import annotations

from datetime import UTC, datetime

from display_app.health.record import Record
from display_app.health.starts import HINT, REASON, Starts
from display_app.health.strikes import Strike
from display_app.models import PluginHealth
from plugins_app.models import Issue, Plugin, Probation

QUARANTINED, SAFE_MODE = "quarantined", "safe-mode"


def read_records(*, now: float, wall_clock: float) -> dict[str, Record]:
    """Return every plugin's health; recent strikes are moved onto the director's clock."""
    return {row.plugin_id: _record(row, shift=now - wall_clock) for row in PluginHealth.objects.all()}


def write_record(record: Record, *, now: float, wall_clock: float) -> None:
    """Store one plugin's health, and report or resolve its quarantine."""
    shift = wall_clock - now
    at = datetime.fromtimestamp(wall_clock, tz=UTC)
    row, _ = PluginHealth.objects.get_or_create(plugin_id=record.plugin_id)
    if row.last_error != record.last_error:
        row.last_error_at = at
    row.generation = record.generation
    row.strikes = [{"at": strike.at + shift, "reason": strike.reason, "is_overdue": strike.is_overdue} for strike in record.strikes]
    row.failures = record.breaker.failures
    row.last_error, row.last_traceback = record.last_error, record.last_traceback
    row.restarts = record.restarts
    row.quarantine_reason = record.quarantine_reason
    row.quarantined_at = (row.quarantined_at or at) if record.quarantine_reason else None
    row.save()
    if record.quarantine_reason:
        hint = "Change its settings, update it or release it: each gives it another chance. Its log says more."
        message = f"{_name_of(record.plugin_id)} is stopped. {record.quarantine_reason}"
        Issue.report(QUARANTINED, record.plugin_id, message, hint=hint, actions=["release"])
    else:
        Issue.resolve(QUARANTINED, record.plugin_id)
    if fault := record.fault():
        Probation.note_fault(record.plugin_id, record.generation, fault)


def note_turn(plugin_id: str, generation: str, *, had_picture: bool, seconds: float) -> None:
    """Count a turn on the panel, for a version that is on probation."""
    Probation.note_turn(plugin_id, generation, had_picture=had_picture, seconds=seconds)


def forget(plugin_id: str) -> None:
    """Remove what was kept of a plugin that is no longer installed."""
    PluginHealth.objects.filter(plugin_id=plugin_id).delete()
    Issue.resolve(QUARANTINED, plugin_id)


def note_safe_mode(starts: Starts) -> None:
    """Report the safe mode, or resolve it."""
    if starts.is_safe_mode:
        Issue.report(SAFE_MODE, "", REASON, hint=HINT, actions=["leave-safe-mode"])
    else:
        Issue.resolve(SAFE_MODE, "")


def _name_of(plugin_id: str) -> str:
    return Plugin.objects.filter(plugin_id=plugin_id).values_list("name", flat=True).first() or plugin_id


def _record(row: PluginHealth, *, shift: float) -> Record:
    strikes = tuple(Strike(float(s["at"]) + shift, str(s["reason"]), bool(s.get("is_overdue"))) for s in row.strikes)
    return Record(
        row.plugin_id,
        row.generation,
        strikes=strikes,
        restarts=row.restarts,
        last_error=row.last_error,
        last_traceback=row.last_traceback,
        quarantine_reason=row.quarantine_reason if row.quarantined_at else "",
    )
