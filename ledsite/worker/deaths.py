"""Tasks that are the death of their worker again and again: thrown away before the queue process itself is given up because of one.

The supervisor starts a process again four times within a minute. An operation never comes so far: it counts its attempts itself.
"""

from __future__ import annotations

import json
from pathlib import Path

MOST = 4


def count_death(path: Path, task_id: str) -> int:
    """Note in a file of the run folder that the worker of a task has died; return how often in a row that was this task's."""
    try:
        known = json.loads(path.read_text())
        count = int(known["count"]) + 1 if known["task"] == task_id else 1
    except (OSError, ValueError, KeyError, TypeError):
        count = 1
    path.write_text(json.dumps({"task": task_id, "count": count}))
    return count
