"""Which limit a host has broken, from its beats and its memory; one sentence each, for people. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from display_app.hosting.heartbeat import Beat
from display_app.hosting.limits import MIB, Limits

OVERDUE_SECONDS = 2.5  # a beat comes every second; one that is late may only be a busy machine


@dataclass(frozen=True)
class Vitals:
    """What the director knows of a host: when it was started, loaded and last heard, its last beat, and its size."""

    started_at: float
    is_loaded: bool = False
    beat_at: float | None = None
    beat: Beat | None = None
    memory_bytes: int = 0
    threads: int = 0


def broken_limit(vitals: Vitals, limits: Limits, *, now: float) -> str | None:
    """Return why the host must be ended, as the end of a sentence that begins with "because"; None while it keeps the limits."""
    if vitals.memory_bytes > limits.memory_mb * MIB:
        return f"it used {vitals.memory_bytes // MIB} MB of memory ({limits.memory_mb} are allowed)."
    if vitals.threads > limits.threads:
        return f"it ran {vitals.threads} threads ({limits.threads} are allowed)."
    if not vitals.is_loaded:
        waited = now - vitals.started_at
        return f"it did not start within {limits.construct_seconds:g} seconds." if waited > limits.construct_seconds else None
    return _stuck_call(vitals, limits, now)


def drawing_for(vitals: Vitals, now: float) -> float:
    """Return how long the running display() has taken, as far as is known; 0 when none runs."""
    if vitals.beat is None or vitals.beat_at is None:
        return 0.0
    return _running_for(vitals.beat.drawing, silent=now - vitals.beat_at)


def is_update_overdue(vitals: Vitals, limits: Limits, *, now: float) -> bool:
    """Tell whether an update runs longer than it may."""
    if vitals.beat is None or vitals.beat_at is None:
        return False
    return _running_for(vitals.beat.updating, silent=now - vitals.beat_at) > limits.update_seconds + limits.update_grace_seconds


def _stuck_call(vitals: Vitals, limits: Limits, now: float) -> str | None:
    if vitals.beat is None or vitals.beat_at is None:
        return None
    allowed = limits.display_seconds if vitals.beat.draws else limits.first_display_seconds
    if drawing_for(vitals, now) > allowed:
        return f"drawing did not end within {allowed:g} seconds."
    if is_update_overdue(vitals, limits, now=now):
        return f"its update did not end within {limits.update_seconds + limits.update_grace_seconds:g} seconds."
    if now - vitals.beat_at > limits.silence_seconds:
        return f"it did not answer for {limits.silence_seconds:g} seconds."
    return None


def _running_for(seconds: float, *, silent: float) -> float:
    """Return how long a call has run: what the beat said, and the time since only when no beat comes, because the call may have ended."""
    return seconds + silent if seconds and silent > OVERDUE_SECONDS else seconds
