"""Work put off until nothing scrolls."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from display_app.runtime.deferral import Deferral


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deferral(clock: Clock) -> Deferral:
    return Deferral(clock)


def test_the_scrolling_flag_fades_after_two_seconds(deferral: Deferral, clock: Clock) -> None:
    assert deferral.is_scrolling() is False
    deferral.set_scrolling(True)
    clock.now += 2.0
    assert deferral.is_scrolling() is True
    clock.now += 0.1
    assert deferral.is_scrolling() is False
    deferral.set_scrolling(True)
    deferral.set_scrolling(False)
    assert deferral.is_scrolling() is False


def test_nothing_runs_while_something_scrolls(deferral: Deferral) -> None:
    ran: list[int] = []
    deferral.add(lambda: ran.append(1), 0)
    deferral.set_scrolling(True)
    deferral.process()
    assert ran == []
    deferral.set_scrolling(False)
    deferral.process()
    assert ran == [1]


def test_five_at_once_small_priorities_first_then_in_order(deferral: Deferral) -> None:
    ran: list[str] = []
    for number, priority in enumerate([3, 1, 3, 0, 1, 3, 3]):
        deferral.add(lambda name=f"{priority}:{number}": ran.append(name), priority)
    deferral.process()
    assert ran == ["0:3", "1:1", "1:4", "3:0", "3:2"]
    deferral.process()
    assert ran[5:] == ["3:5", "3:6"]


def test_the_oldest_of_more_than_fifty_is_dropped(deferral: Deferral, clock: Clock) -> None:
    ran: list[int] = []
    for number in range(51):
        clock.now += 0.001
        deferral.add(lambda n=number: ran.append(n), 0)
    for _ in range(11):
        deferral.process()
    assert ran == list(range(1, 51))


def test_entries_are_forgotten_after_five_minutes(deferral: Deferral, clock: Clock) -> None:
    ran: list[int] = []
    deferral.add(lambda: ran.append(1), 0)
    clock.now += 301
    deferral.process()
    assert ran == []


def failing(calls: list[float], clock: Clock) -> Callable[[], None]:
    def fail() -> None:
        calls.append(clock.now)
        raise RuntimeError("not yet")

    return fail


def test_what_raises_is_tried_again_for_a_minute(deferral: Deferral, clock: Clock) -> None:
    calls: list[float] = []
    deferral.add(failing(calls, clock), 0)
    for _ in range(4):
        deferral.process()
        clock.now += 25
    assert calls == [100.0, 125.0, 150.0, 175.0]
    deferral.process()
    assert len(calls) == 4
