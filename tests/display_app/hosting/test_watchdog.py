"""Which limit a host has broken, and in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from display_app.hosting.heartbeat import Beat
from display_app.hosting.limits import Limits
from display_app.hosting.watchdog import Vitals, broken_limit, drawing_for, is_update_overdue

LIMITS = Limits()
IDLE = Beat(drawing=0, updating=0, draws=5, frames=5, late=0, draw_seconds=0, update_seconds=0)
WELL = Vitals(started_at=0.0, is_loaded=True, beat_at=100.0, beat=IDLE)


@pytest.mark.parametrize(
    ("vitals", "now", "words"),
    [
        (WELL, 101.0, None),
        (WELL, 129.0, None),
        (WELL, 131.0, "it did not answer for 30 seconds."),
        (Vitals(started_at=0.0), 59.0, None),
        (Vitals(started_at=0.0), 61.0, "it did not start within 60 seconds."),
        (replace(WELL, beat=replace(IDLE, drawing=9.0)), 100.5, None),
        (replace(WELL, beat=replace(IDLE, drawing=9.5)), 101.5, None),
        (replace(WELL, beat=replace(IDLE, drawing=9.0)), 103.0, "drawing did not end within 10 seconds."),
        (replace(WELL, beat=replace(IDLE, drawing=10.5)), 100.1, "drawing did not end within 10 seconds."),
        (replace(WELL, beat=replace(IDLE, drawing=25.0, draws=0)), 101.0, None),
        (replace(WELL, beat=replace(IDLE, drawing=30.5, draws=0)), 101.0, "drawing did not end within 30 seconds."),
        (replace(WELL, beat=replace(IDLE, updating=118.0)), 101.0, None),
        (replace(WELL, beat=replace(IDLE, updating=120.5)), 101.0, "its update did not end within 120 seconds."),
        (replace(WELL, memory_bytes=300 * 1024 * 1024), 101.0, "it used 300 MB of memory (256 are allowed)."),
        (replace(WELL, threads=500), 101.0, "it ran 500 threads (200 are allowed)."),
    ],
)
def test_limits(vitals: Vitals, now: float, words: str | None) -> None:
    assert broken_limit(vitals, LIMITS, now=now) == words


def test_only_an_update_past_its_grace_is_overdue() -> None:
    assert is_update_overdue(replace(WELL, beat=replace(IDLE, updating=120.5)), LIMITS, now=101.0)
    assert not is_update_overdue(replace(WELL, beat=replace(IDLE, drawing=500.0)), LIMITS, now=101.0)


def test_a_call_goes_on_only_while_beats_are_missing() -> None:
    assert drawing_for(replace(WELL, beat=replace(IDLE, drawing=1.0)), 102.0) == pytest.approx(1.0)
    assert drawing_for(replace(WELL, beat=replace(IDLE, drawing=1.0)), 103.0) == pytest.approx(4.0)
    assert drawing_for(WELL, 102.0) == 0.0
