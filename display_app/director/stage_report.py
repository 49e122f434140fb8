"""What `status.json` says of the turn on the panel, and the one after it; moments as the wall clock tells them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from display_app.rotation.turns import Rank, Slot, State


def now_report(state: State) -> dict[str, Any] | None:
    """Return what the picture on the panel came from."""
    turn = state.showing
    if turn is None or turn.delivered_at is None:
        return None
    until = state.on_demand.until if turn.rank is Rank.ON_DEMAND and state.on_demand else turn.until
    return {
        "plugin_id": turn.slot.plugin_id,
        "mode": turn.slot.mode,
        "reason": turn.rank.reason,
        "since": wall_clock_text(turn.delivered_at),
        "until": wall_clock_text(until),
    }


def next_report(slot: Slot | None) -> dict[str, Any] | None:
    """Return what comes next."""
    return {"plugin_id": slot.plugin_id, "mode": slot.mode} if slot else None


def wall_clock_text(at: float | None) -> str | None:
    """Return a moment of the monotonic clock as the wall clock tells it."""
    if at is None:
        return None
    return datetime.fromtimestamp(time.time() + at - time.monotonic(), tz=UTC).isoformat(timespec="milliseconds")
