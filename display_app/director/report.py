"""What the director says of each plugin: one state, one sentence, and numbers."""

from __future__ import annotations

from typing import Any

from display_app.director.handle import HostHandle
from display_app.director.rows import Wanted
from display_app.health.log_lines import last_words
from display_app.health.network_words import network_words
from display_app.health.record import Record
from display_app.hosting.limits import MIB

NOT_HELD = ("showing", "ready", "starting", "offline", "backed-off")
SAFE_MODE_NOTE = "It does not run in safe mode: only the plugins that come with ledsite do."
FLOOD_NOTE = "It prints more than its log can take: part of it was dropped."


def plugin_report(
    wanted: Wanted, record: Record, handle: HostHandle | None, *, is_showing: bool, note: str, is_allowed: bool = True
) -> dict[str, Any]:
    """Return one entry of `plugins` in `status.json`; `is_allowed` is False for what the safe mode keeps from running."""
    state, reason = _state(wanted, record, handle, is_showing=is_showing, note=_with_last_words(note, handle))
    if not is_allowed and state in NOT_HELD:
        state, reason = "backed-off", SAFE_MODE_NOTE
    beat = handle.vitals.beat if handle else None
    return {
        "state": state,
        "reason": reason,
        "pid": handle.pid if handle else None,
        "restarts": record.restarts,
        "strikes": len(record.strikes),
        "modes": list(handle.modes) if handle else [],
        "last_error": record.last_error or None,
        "memory_mb": round(handle.vitals.memory_bytes / MIB, 1) if handle else 0.0,
        "cpu_percent": handle.cpu_percent if handle else None,
        "fps": handle.fps if handle else 0.0,
        "late_frames": beat.late if beat else 0,
        "draw_ms": round(beat.draw_seconds * 1000, 1) if beat and beat.draws else None,
        "update_ms": round(beat.update_seconds * 1000, 1) if beat and beat.update_seconds else None,
    }


def _with_last_words(note: str, handle: HostHandle | None) -> str:
    """Add to a note on turns that showed nothing what the plugin said last; without one, say when it prints too much."""
    if not note:
        return FLOOD_NOTE if handle is not None and handle.log.is_flooded else ""
    words = last_words(handle.log.tail) if handle else ""
    return f"{note} {words}" if words else note


def _state(wanted: Wanted, record: Record, handle: HostHandle | None, *, is_showing: bool, note: str) -> tuple[str, str]:
    if record.quarantine_reason:
        return "quarantined", record.quarantine_reason
    if wanted.incompatible:
        return "broken", wanted.incompatible
    if record.failed_at and (handle is None or handle.failed_to_load):
        return ("needs-configuration" if record.failed_at in ("validate", "construct") else "broken"), record.last_error
    if record.breaker.is_open():
        return "backed-off", f"It failed {record.breaker.failures} times in a row and is left alone for a while: {record.last_error}"
    if handle is None and record.strikes and record.strikes[-1].is_overdue:
        return "backed-off", f"It is left alone for a while because {record.last_error}"
    if handle is None or not handle.vitals.is_loaded or handle.stop_by is not None:
        return "starting", f"It is started again: {record.last_error}" if record.strikes and handle is None else ""
    if is_showing:
        return "showing", note
    if record.is_offline:
        words = network_words(record.last_error)
        return "offline", f"Its last update {words}." if words else f"Its last update could not reach the network: {record.last_error}"
    return "ready", note
