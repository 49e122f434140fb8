"""Settings of the ticker: what is not named stays, what cannot be is refused with the part and the reason."""

from __future__ import annotations

import pytest

from display_app.rotation.ticker import Part, TickerProblem, TickerSettings, parse_ticker, readable_ticker


def test_what_is_kept_is_read_again() -> None:
    found = parse_ticker({"enabled": True, "speed": 80, "order": ["b", "a", "b"], "excluded": ["x"], "plugins": {"a": {"way": "static"}}})
    assert found == TickerSettings(
        enabled=True, speed=80.0, order=("b", "a"), excluded=frozenset({"x"}), plugins={"a": Part("static", None)}
    )
    assert readable_ticker(found.to_dict()) == found
    assert parse_ticker({"gap": 4}, present=found).speed == 80.0


def test_the_order_puts_the_named_ones_first_and_leaves_the_excluded_out() -> None:
    settings = TickerSettings(order=("c", "gone", "a"), excluded=frozenset({"b"}))
    assert settings.in_order(["a", "b", "c", "d"]) == ["c", "a", "d"]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([], "must be an object of settings of the ticker"),
        (
            {"fps": 1},
            "has 'fps'; known are enabled, speed, gap, item_gap, width_percent, trim, "
            "live_in_ticker, live_weight, order, excluded, plugins",
        ),
        ({"speed": 0}, "speed must be a number from 1 to 500"),
        ({"speed": float("nan")}, "speed must be a number from 1 to 500"),
        ({"gap": True}, "gap must be a whole number from 0 to 512"),
        ({"enabled": 1}, "enabled must be true or false"),
        ({"order": "a"}, "order must be a list of at most 200 ids of plugins"),
        ({"plugins": {"a": {"way": "up"}}}, "plugins.a.way must be empty or one of scroll, fixed, static"),
        ({"plugins": {"a": {"weight": 11}}}, "plugins.a.weight must be a whole number from 1 to 10"),
        ({"plugins": {"a": 3}}, "plugins.a must be an object with way, weight or both"),
    ],
)
def test_what_cannot_be_is_refused(value: object, problem: str) -> None:
    with pytest.raises(TickerProblem) as caught:
        parse_ticker(value)
    assert str(caught.value) == problem
    assert readable_ticker(value) == TickerSettings()


def test_a_part_that_wants_nothing_is_not_kept() -> None:
    assert parse_ticker({"plugins": {"a": {"way": "", "weight": None}, "b": {"weight": 2}}}).plugins == {"b": Part("", 2)}
