"""What was asked for and how that ended, in words for whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from display_app.director.stage_report import wall_clock_text
from display_app.rotation.turns import EndedWish, Outcome, State

SENTENCES = {
    Outcome.FINISHED: "Its time was over.",
    Outcome.STOPPED: "It was stopped.",
    Outcome.REPLACED: "Something else was asked for.",
    Outcome.DECLINED: "It had nothing to show.",
    Outcome.UNABLE: "It cannot draw now.",
}


class WishBook:
    """Remembers the last wish that ended, with the reason of that moment."""

    def __init__(self) -> None:
        self._ended: EndedWish | None = None
        self._reason = ""

    def look(self, state: State, *, notes: Mapping[str, str], reason_of: Callable[[str], str]) -> None:
        """Take in how a wish has ended; `notes` say why turns showed nothing, `reason_of` why a plugin cannot draw."""
        ended = state.ended_wish
        if ended is None or ended is self._ended:
            return
        self._ended = ended
        plugin_id = ended.wish.plugin_id
        said = {Outcome.DECLINED: lambda: notes.get(plugin_id, ""), Outcome.UNABLE: lambda: reason_of(plugin_id)}
        self._reason = said.get(ended.outcome, lambda: "")() or SENTENCES[ended.outcome]

    def last(self) -> dict[str, Any] | None:
        """Return what was asked for last and is over."""
        ended = self._ended
        if ended is None:
            return None
        return {
            "id": ended.wish.number,
            "plugin_id": ended.wish.plugin_id,
            "mode": ended.wish.mode,
            "outcome": str(ended.outcome),
            "reason": self._reason,
            "ended_at": wall_clock_text(ended.at),
        }


def on_demand_report(state: State) -> dict[str, Any] | None:
    """Return what was asked for and is not over."""
    wish = state.on_demand
    if wish is None:
        return None
    return {
        "id": wish.number,
        "plugin_id": wish.plugin_id,
        "mode": wish.mode,
        "duration": wish.duration,
        "pinned": wish.pinned,
        "until": wall_clock_text(wish.until),
        "waiting": state.waiting_for is not None,
    }
