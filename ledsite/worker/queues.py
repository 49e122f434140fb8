"""Which queues there are, and which process serves which: each has one of its own, or one serves both in turn to save memory."""

from __future__ import annotations

QUEUES = ("main", "slow")


def process_names(*, low_memory: bool) -> tuple[str, ...]:
    """Name the queue processes."""
    return QUEUES[:1] if low_memory else QUEUES


def queues_of(process: str, *, low_memory: bool) -> tuple[str, ...]:
    """Name the queues that a process serves."""
    return QUEUES if process_names(low_memory=low_memory) == (process,) else (process,)
