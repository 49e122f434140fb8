"""Whose pictures come next: everybody in the order, heavier ones more often, places spread, comings and goings taken in."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from display_app.rotation.rota import pick, upcoming


def run(weights: dict[str, int], count: int) -> list[str]:
    found, savings = [], {}
    for _ in range(count):
        chosen, savings = pick(weights, savings)
        found.append(chosen)
    return found


def test_of_equals_each_comes_once_a_round_in_the_order() -> None:
    assert run({"c": 1, "a": 1, "b": 1}, 6) == ["c", "a", "b", "c", "a", "b"]


def test_a_heavy_one_comes_more_often_and_spread() -> None:
    assert run({"a": 1, "b": 3, "c": 1, "d": 1}, 6) == ["b", "a", "b", "c", "d", "b"]


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(1, 10), min_size=1))
def test_a_round_has_as_many_places_as_the_weights_say(weights: dict[str, int]) -> None:
    assert Counter(run(weights, sum(weights.values()))) == weights


def test_who_is_gone_is_not_picked_and_who_is_new_soon_is() -> None:
    _, savings = pick({"a": 1, "b": 1}, {})
    assert pick({"a": 1, "c": 1}, savings).plugin_id == "c"


def test_upcoming_names_different_plugins() -> None:
    assert upcoming({"a": 5, "b": 1, "c": 1}, {}, count=2) == ["a", "b"]
    assert upcoming({"a": 1}, {}, count=2) == ["a"]
