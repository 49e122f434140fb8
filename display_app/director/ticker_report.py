"""What `status.json` says of the ticker: whose pictures are in the middle of the panel, who follows, and what each plugin has for it."""

from __future__ import annotations

from typing import Any

from display_app.director.ticker import Ticker
from display_app.rotation.turns import TICKER_SLOT


def filled_in(said: dict[str, Any] | None, ticker: Ticker, *, is_next: bool = False) -> dict[str, Any] | None:
    """Return `now` or `next` with the plugin in the place of the strip."""
    if said is None or (said["plugin_id"], said["mode"]) != (TICKER_SLOT.plugin_id, TICKER_SLOT.mode):
        return said
    centre = ticker.strip.centre()
    segment = ticker.strip.after(centre) if is_next else centre
    return {**said, "plugin_id": segment.plugin_id} if segment is not None else None


def ticker_report(ticker: Ticker) -> dict[str, Any] | None:
    """Return what each plugin has for the ticker; None while it is off."""
    if not ticker.filling.settings.enabled:
        return None
    return {
        "running": bool(ticker.strip.segments),
        "late_frames": ticker.late,
        "plugins": [_part(ticker, plugin_id, weight) for plugin_id, weight in ticker.filling.weights.items()],
    }


def _part(ticker: Ticker, plugin_id: str, weight: int) -> dict[str, Any]:
    held = ticker.filling.contents.of(plugin_id)
    width = held.picture.width if held.picture is not None else 0
    return {"plugin_id": plugin_id, "way": held.way, "width": width, "weight": weight, "reason": held.reason}
