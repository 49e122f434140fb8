"""Deadlines of frames: no drift, no burst after a delay."""

from __future__ import annotations

import pytest

from display_app.hosting.pacing import FRAME_SECONDS, Pacer, pacer_for


def test_deadlines_do_not_drift() -> None:
    pacer = Pacer(period=0.1, first=10.0)
    for number in range(1, 50):
        pacer.advance(pacer.due + 0.03)
        assert pacer.due == pytest.approx(10.0 + number * 0.1)
    assert pacer.late == 0


def test_whole_periods_that_were_missed_are_skipped_and_counted() -> None:
    pacer = Pacer(period=0.1, first=10.0)
    pacer.advance(10.35)
    assert pacer.due == pytest.approx(10.4)
    assert pacer.late == 3


def test_a_slow_picture_is_drawn_just_after_each_full_second() -> None:
    pacer = pacer_for(high_rate=False, now=50.0, wall_clock=1_700_000_000.25)
    assert pacer.due == pytest.approx(50.76)
    assert pacer.period == 1.0


def test_a_fast_one_sixty_times_a_second() -> None:
    assert pacer_for(high_rate=True, now=50.0, wall_clock=0.0).due == pytest.approx(50.0 + FRAME_SECONDS)
