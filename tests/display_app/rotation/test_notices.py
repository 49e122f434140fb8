"""Which notice has the panel: order, interruption, time, expiry; and what holds for any of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from display_app.rotation.notices import Board, Notice, Surroundings, Urgency, next_board

NORMAL, HIGH = Urgency.NORMAL, Urgency.HIGH


def notice(number: int, *, hold: float = 10, expires_at: float = 1000, urgency: Urgency = NORMAL) -> Notice:
    return Notice(number, hold, expires_at, urgency)


def shown(*waiting: Notice, board: Board | None = None, **around: float) -> Board:
    return next_board(board or Board(), waiting, Surroundings(**({"now": 0.0} | around)))[0]  # type: ignore[arg-type]


def test_the_oldest_is_first_and_has_its_time() -> None:
    both = (notice(1), notice(2))
    board = shown(*both)
    assert (board.showing, board.ends_at) == (both[0], 10.0)
    assert shown(*both, board=board, now=9.9).showing == both[0]
    board, ended = next_board(board, both, Surroundings(now=10.0))
    assert (board, ended) == (Board(both[1], 10.0), {1: "shown"})


def test_a_high_one_interrupts_and_the_other_begins_again() -> None:
    normal, high = notice(1), notice(2, urgency=HIGH, hold=5)
    board = shown(normal, high, board=shown(normal), now=8.0)
    assert board == Board(high, 8.0)
    assert next_board(board, (normal, high), Surroundings(now=13.0)) == (Board(normal, 13.0), {2: "shown"})


def test_another_of_the_same_urgency_waits() -> None:
    board = shown(notice(2))
    assert shown(notice(1), notice(2), board=board, now=1.0).showing == notice(2)


def test_one_that_waited_too_long_is_dropped_but_one_that_has_begun_goes_on() -> None:
    late = notice(1, expires_at=5)
    assert next_board(Board(), [late], Surroundings(now=5.0)) == (Board(), {1: "expired"})
    assert next_board(Board(late, 4.0), [late], Surroundings(now=6.0)) == (Board(late, 4.0), {})


def test_one_that_was_put_away_leaves_at_once() -> None:
    assert shown(board=shown(notice(1)), now=1.0) == Board()


def test_only_high_ones_interrupt_what_was_asked_for_and_a_panel_off_by_schedule() -> None:
    for around in ({"is_on_demand": True}, {"is_scheduled_off": True}):
        assert shown(notice(1), notice(2, urgency=HIGH), **around).showing == notice(2, urgency=HIGH)
        assert shown(notice(1), **around).showing is None
        assert shown(notice(1), board=shown(notice(1)), **around).showing is None


def test_nothing_is_shown_on_a_panel_that_is_switched_off() -> None:
    assert shown(notice(1, urgency=HIGH), is_switched_off=True).showing is None


notices = st.builds(Notice, st.integers(1, 6), st.floats(1, 20), st.floats(0, 100), st.sampled_from(Urgency))
surroundings = st.builds(Surroundings, st.floats(0, 100), st.booleans(), st.booleans(), st.booleans())


@given(st.lists(notices, unique_by=lambda each: each.number), st.lists(surroundings, max_size=20))
def test_what_is_shown_may_be_shown_waits_and_has_not_ended(waiting: list[Notice], moments: list[Surroundings]) -> None:
    board, left = Board(), {each.number: each for each in waiting}
    for around in sorted(moments, key=lambda each: each.now):
        board, ended = next_board(board, left.values(), around)
        for number in ended:
            del left[number]
        if board.showing is not None:
            assert board.showing.number in left
            assert around.may_show(board.showing)
            assert around.now < board.ends_at
