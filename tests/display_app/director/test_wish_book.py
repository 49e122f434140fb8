"""How wishes ended, in words: the plugin's own reason where there is one, remembered from that moment."""

from __future__ import annotations

import pytest

from display_app.director.wish_book import WishBook, on_demand_report
from display_app.rotation.turns import EndedWish, OnDemand, Outcome, State

WISH = OnDemand("clock", mode="big", duration=30.0, pinned=True, number=4)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.DECLINED, "It drew nothing when it was its turn."),
        (Outcome.UNABLE, "It is quarantined."),
        (Outcome.FINISHED, "Its time was over."),
        (Outcome.STOPPED, "It was stopped."),
        (Outcome.REPLACED, "Something else was asked for."),
    ],
)
def test_the_reason_of_that_moment_is_kept(outcome: Outcome, reason: str) -> None:
    book = WishBook()
    state = State(ended_wish=EndedWish(WISH, outcome, 5.0))
    book.look(state, notes={"clock": "It drew nothing when it was its turn."}, reason_of=lambda _: "It is quarantined.")
    book.look(state, notes={}, reason_of=lambda _: "")
    last = book.last()
    assert last is not None
    assert {name: last[name] for name in ("id", "plugin_id", "mode", "outcome", "reason")} == {
        "id": 4, "plugin_id": "clock", "mode": "big", "outcome": str(outcome), "reason": reason
    }  # fmt: skip


def test_without_a_reason_there_is_a_sentence() -> None:
    book = WishBook()
    assert book.last() is None
    book.look(State(ended_wish=EndedWish(WISH, Outcome.DECLINED, 5.0)), notes={}, reason_of=lambda _: "")
    assert (book.last() or {})["reason"] == "It had nothing to show."


def test_what_goes_on_is_told() -> None:
    report = on_demand_report(State(on_demand=WISH)) or {}
    assert (report["id"], report["plugin_id"], report["duration"], report["pinned"], report["waiting"]) == (4, "clock", 30.0, True, True)
    assert on_demand_report(State()) is None
