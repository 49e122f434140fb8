"""The stage's clock, without installing it."""

from __future__ import annotations

import datetime
import threading

from display_app.authoring.clock import TICK, StageClock, _stage_dates


def test_sleeping_moves_the_time_and_looking_moves_it_a_little():
    clock = StageClock(100.0)
    clock.sleep(5)
    assert clock.wall() == 105.0 + TICK
    assert clock.passed < 5.01


def test_time_never_goes_back():
    clock = StageClock(0.0)
    clock.advance_to(3.0)
    clock.advance_to(1.0)
    clock.advance(-1.0)
    assert clock.passed == 3.0


def test_looks_of_other_threads_do_not_move_it():
    clock = StageClock(7.0)
    seen: list[float] = []
    thread = threading.Thread(target=lambda: seen.append(clock.wall()))
    thread.start()
    thread.join()
    assert seen == [7.0]
    assert clock.passed == 0.0


def test_dates_know_the_stages_time_and_take_real_ones_for_their_own():
    date, moment = _stage_dates(lambda: 1758652496.0)
    assert moment.now(datetime.UTC).isoformat() == "2025-09-23T18:34:56+00:00"
    assert moment.utcnow().isoformat() == "2025-09-23T18:34:56"
    assert isinstance(datetime.datetime(2025, 1, 1), moment)
    assert isinstance(datetime.date(2025, 1, 1), date)
    assert not isinstance("2025", date)
    assert isinstance(moment.now() + datetime.timedelta(days=1), datetime.datetime)
