"""Chores of the loop: when each is due."""

from __future__ import annotations

from display_app.director.timetable import Timetable


def test_a_chore_is_due_once_a_period_and_at_once_at_first():
    now = [100.0]
    timetable = Timetable(clock=lambda: now[0])
    assert [timetable.is_due("rows", 0.5), timetable.is_due("rows", 0.5)] == [True, False]
    now[0] = 100.5
    assert timetable.is_due("rows", 0.5)


def test_what_is_nearly_due_is_done_together_with_what_is():
    now = [100.0]
    timetable = Timetable(clock=lambda: now[0])
    timetable.is_due("rows", 0.5)
    now[0] = 100.004
    timetable.is_due("children", 0.5)
    now[0] = 100.5
    assert [timetable.is_due("rows", 0.5), timetable.is_due("children", 0.5)] == [True, True]


def test_a_chore_can_be_hurried():
    now = [100.0]
    timetable = Timetable(clock=lambda: now[0])
    timetable.is_due("rows", 0.5)
    timetable.hurry("rows", at=100.1)
    timetable.hurry("rows", at=100.3)
    now[0] = 100.1
    assert timetable.is_due("rows", 0.5)


def test_what_was_hurried_comes_together_with_the_others_again():
    now = [100.0]
    timetable = Timetable(clock=lambda: now[0])
    timetable.is_due("rows", 0.5)
    timetable.is_due("children", 0.5)
    now[0] = 100.2
    timetable.hurry("rows", at=100.2)
    assert [timetable.is_due("rows", 0.5), timetable.is_due("children", 0.5)] == [True, False]
    assert timetable.due_in("rows") == timetable.due_in("children")


def test_a_chore_that_is_done_a_moment_early_is_not_done_twice():
    now = [100.48]
    timetable = Timetable(clock=lambda: now[0])
    timetable.is_due("rows", 0.5)
    now[0] = 100.5
    assert not timetable.is_due("rows", 0.5)
