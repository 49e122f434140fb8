"""Named points where the crash tests end the process; outside them a call costs one comparison and does nothing.

Armed by `LEDSITE_FAILPOINT_AT=k` (die at the k-th point that is passed) and `LEDSITE_FAILPOINT_LOG=FILE` (append every name that is
passed), read once at import, or by `arm`. A test raises k until a run ends alive: new points are covered without touching the test.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

_armed = False
_kill_at: int | None = None
_only: frozenset[str] = frozenset()
_record: Path | None = None
_hits = 0


def failpoint(name: str) -> None:
    """Mark the place after a durable step; kills its own process with SIGKILL when it is the one that the test asked for."""
    if _armed:
        _hit(name)


def arm(*, kill_at: int | None = None, only: frozenset[str] = frozenset(), record: Path | None = None) -> None:
    """Count from one again: die at the `kill_at`-th point (of those in `only`, when given), append names to `record`."""
    global _armed, _kill_at, _only, _record, _hits
    _armed, _kill_at, _only, _record, _hits = True, kill_at, only, record, 0


def disarm() -> int:
    """Turn every point into a no-op again; return how many were passed."""
    global _armed
    _armed = False
    return _hits


def arm_from_environment() -> None:
    """Arm when the crash tests' names are set; the product itself never sets them."""
    kill_at, record = os.environ.get("LEDSITE_FAILPOINT_AT", ""), os.environ.get("LEDSITE_FAILPOINT_LOG", "")
    if kill_at or record:
        only = frozenset(filter(None, os.environ.get("LEDSITE_FAILPOINT_ONLY", "").split(",")))
        arm(kill_at=int(kill_at) if kill_at else None, only=only, record=Path(record) if record else None)


def _hit(name: str) -> None:
    global _hits
    if _only and name not in _only:
        return
    _hits += 1
    if _record is not None:
        with open(_record, "a", encoding="utf-8") as file:
            file.write(name + "\n")
    if _hits == _kill_at:
        os.kill(os.getpid(), signal.SIGKILL)


arm_from_environment()
