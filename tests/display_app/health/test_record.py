"""Strikes and starts: quarantine after the fifth, waits that grow, and what a release forgets."""

from __future__ import annotations

from display_app.health.record import Record
from display_app.hosting.limits import Limits


def struck(times: list[float]) -> Record:
    record = Record("bad", "g1")
    for at in times:
        record = record.struck(at, "it crashed (SIGSEGV).")
    return record


def test_five_strikes_in_ten_minutes_quarantine_with_a_sentence() -> None:
    assert struck([0, 100, 200, 300]).quarantine_reason == ""
    record = struck([0, 100, 200, 300, 400])
    assert record.quarantine_reason == "It had to be ended 5 times within 10 minutes, the last time because it crashed (SIGSEGV)."
    assert not record.may_start(10_000)


def test_strikes_older_than_ten_minutes_are_forgotten() -> None:
    assert struck([0, 200, 400, 601, 801]).quarantine_reason == ""


def test_a_host_waits_longer_after_every_strike() -> None:
    waits = [struck([0.0] * number).start_after for number in range(1, 5)]
    assert waits == sorted(waits)
    assert waits[0] <= 0.2


def test_an_outage_in_which_no_update_ends_never_quarantines() -> None:
    record, update_began = Record("waits", "g1"), 0.0
    for _ in range(30):
        record = record.struck(update_began + 120, "its update did not end within 120 seconds.", is_overdue=True)
        assert record.quarantine_reason == ""
        update_began = record.start_after
    assert record.start_after - (record.strikes[-1].at) <= 300
    assert record.fault() == ""


def test_a_crash_after_an_overdue_update_restarts_at_once() -> None:
    record = Record("bad").struck(0.0, "its update did not end within 120 seconds.", is_overdue=True).struck(70.0, "it crashed (SIGSEGV).")
    assert record.start_after < 71
    assert record.fault() == "it crashed (SIGSEGV)."


def test_a_release_gives_a_clean_start_but_remembers_the_last_error() -> None:
    record = struck([0, 1, 2, 3, 4]).released()
    assert record.may_start(4)
    assert (record.strikes, record.last_error, record.restarts) == ((), "it crashed (SIGSEGV).", 5)


def test_a_plugin_that_does_not_load_is_tried_again_ever_later() -> None:
    record, waits = Record("bad"), []
    for _ in range(8):
        record = record.did_not_load(0.0, "construct", "RuntimeError", "")
        waits.append(record.start_after)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert record.strikes == ()


def test_exceptions_are_no_strikes() -> None:
    record = Record("bad")
    for _ in range(3):
        record = record.raised(0.0, "ValueError: no", "", network=False)
    assert record.breaker.is_open()
    assert record.strikes == ()
    assert record.worked().breaker.is_open() is False


def test_whatever_keeps_it_from_running_is_known_and_forgiven_at_once() -> None:
    fine = Record("bad", "g1")
    overdue = fine.struck(100, "its update did not end within 120 seconds.", is_overdue=True)
    unlucky = fine
    for at in range(3):
        unlucky = unlucky.raised(100 + at, "ValueError: no", "", network=False)
    held = [overdue, unlucky, fine.did_not_load(100, "construct", "no", ""), struck([0, 10, 20, 30, 40])]
    assert [record.is_held_back(110) for record in held] == [True] * 4
    assert [record.released().is_held_back(110) for record in [fine, *held]] == [False] * 5


def test_an_owners_numbers_are_heeded() -> None:
    limits = Limits(strikes=2, strike_minutes=1)
    once = Record("bad", "g1").struck(0, "it crashed.", limits=limits)
    assert not once.struck(61, "it crashed.", limits=limits).quarantine_reason
    assert once.struck(59, "it crashed.", limits=limits).quarantine_reason.startswith("It had to be ended 2 times within a minute")
