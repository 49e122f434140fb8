"""Signs of life that processes write into the run folder: `{pid, beat}`, the beat in seconds of the clock that only goes forward."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any


def read_beat(path: Path) -> dict[str, Any]:
    """Return what a process has written; empty when there is nothing that can be read."""
    try:
        facts = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def is_fresh(facts: dict[str, Any], *, now: float, seconds: float) -> bool:
    """Tell whether a sign of life is younger than that."""
    beat = facts.get("beat")
    return isinstance(beat, (int, float)) and 0 <= now - beat < seconds


def has_fallen_silent(path: Path, pid: int, *, seconds: float) -> bool:
    """Tell whether a process that has beaten, and served, does so no more; one that still begins has time."""
    facts = read_beat(path)
    if facts.get("pid") != pid or not facts.get("serving", True):
        return False
    return not is_fresh(facts, now=time.monotonic(), seconds=seconds)
