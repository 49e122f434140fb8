"""Reads the director's `status.json`: what the panel does, as far as its last beat tells."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STATUS_NAME = "status.json"
DEAD_AFTER = 2.0


@dataclass(frozen=True)
class PanelState:
    """The director's last word; `alive` is False when there is none or it is older than two seconds."""

    alive: bool = False
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def safe_mode(self) -> dict[str, Any]:
        """Return since when and why only bundled plugins run; empty when all do. A dead director's word counts."""
        found = self.data.get("safe_mode")
        return found if isinstance(found, dict) else {}

    def plugin(self, plugin_id: str) -> dict[str, Any]:
        """Return what the director says about one plugin; empty when nothing, or when it is dead."""
        plugins = self.data.get("plugins") if self.alive else None
        state = plugins.get(plugin_id) if isinstance(plugins, dict) else None
        return state if isinstance(state, dict) else {}


def read_panel(run_dir: Path, *, now: float | None = None) -> PanelState:
    """Read the state; never raises, because a missing or half-known file only means that the director is not there."""
    try:
        data = json.loads((run_dir / STATUS_NAME).read_bytes())
        age = (time.monotonic() if now is None else now) - float(data["beat"])
    except (OSError, ValueError, KeyError, TypeError):
        return PanelState()
    return PanelState(alive=0 <= age <= DEAD_AFTER, data=data)
