"""The breaker: three in a row, a wait, one trial, longer waits."""

from __future__ import annotations

from display_app.health.breaker import Breaker
from display_app.hosting.limits import Limits


def broken(now: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(3):
        breaker = breaker.failed(now)
    return breaker


def test_three_failures_in_a_row_open_it_for_five_minutes() -> None:
    assert not Breaker().failed(0).failed(0).is_open()
    breaker = broken()
    assert breaker.open_until == 300
    assert breaker.try_again(299).is_open()
    assert not breaker.try_again(300).is_open()


def test_a_success_between_starts_the_count_again() -> None:
    assert not Breaker().failed(0).failed(0).worked().failed(0).failed(0).is_open()


def test_each_failed_trial_doubles_the_wait_up_to_an_hour() -> None:
    breaker, waits = broken(), []
    for _ in range(6):
        now = breaker.open_until or 0.0
        breaker = breaker.try_again(now).failed(now)
        waits.append((breaker.open_until or 0.0) - now)
    assert waits == [600, 1200, 2400, 3600, 3600, 3600]


def test_a_trial_that_works_closes_it() -> None:
    assert broken().try_again(300).worked() == Breaker()


def test_an_owners_numbers_are_heeded() -> None:
    limits = Limits(failures=1, pause_seconds=10, longest_pause_seconds=15)
    breaker = Breaker().failed(0, limits)
    assert breaker.open_until == 10
    assert breaker.try_again(10).failed(10, limits).open_until == 25
