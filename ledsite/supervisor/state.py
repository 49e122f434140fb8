"""What the supervisor tells others, `up.json` in the run folder, and what a killed one left running."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ledsite.process import start_ticks
from ledsite.supervisor.child import Child

FILE_NAME = "up.json"


def write_state(run_dir: Path, *, address: str, children: Iterable[Child]) -> None:
    """Replace up.json by the present state of every process."""
    state = {"pid": os.getpid(), "address": address, "processes": {child.spec.name: child.as_dict() for child in children}}
    temporary = run_dir / f".{FILE_NAME}"
    temporary.write_text(json.dumps(state))
    temporary.replace(run_dir / FILE_NAME)


def read_state(run_dir: Path) -> dict[str, Any]:
    """Return what the supervisor wrote last, `{}` when there is nothing to read."""
    try:
        state = json.loads((run_dir / FILE_NAME).read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def end_leftovers(run_dir: Path, *, patience: float = 3.0) -> list[int]:
    """End processes that a killed supervisor left behind: they are asked by the kernel already, the slow ones are killed here."""
    deadline = time.monotonic() + patience
    while True:
        left = [pid for pid, ticks in _recorded(run_dir) if ticks and start_ticks(pid) == ticks]
        if not left:
            return []
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    return left


def _recorded(run_dir: Path) -> list[tuple[int, int]]:
    processes = read_state(run_dir).get("processes", {})
    return [(facts["pid"], facts["started_ticks"]) for facts in processes.values() if facts.get("pid")]
