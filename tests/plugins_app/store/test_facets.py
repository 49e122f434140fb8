"""Counts of every filter beside the others, over any rows."""

from __future__ import annotations

import random
from typing import Any

import pytest

from plugins_app.store.facets import Value, count_facets
from plugins_app.store.search import ANYTHING, FLAGS, TEXTS, Wanted


def row(plugin_id: str, **fields: Any) -> dict[str, Any]:
    plain = {"name": plugin_id, "description": "", "author": "Ann", "category": "time", "tags": [], "source": "official"}
    flags = {"verified": False, "installed": False, "update_available": False, "compatible": True}
    return {"id": plugin_id, **plain, **flags, **fields}


def test_spellings_are_one_value_and_the_most_frequent_comes_first() -> None:
    rows = [row("a", category="Time"), row("b", category="time"), row("c", category="sports"), row("d", category="")]
    assert count_facets(rows, ANYTHING).values["category"] == [Value("Time", 2), Value("sports", 1)]


def test_a_filter_does_not_narrow_its_own_values() -> None:
    rows = [row("a", category="time", installed=True), row("b", category="sports", installed=True), row("c", category="sports")]
    facets = count_facets(rows, Wanted(category="time", installed=True))
    assert facets.values["category"] == [Value("sports", 1), Value("time", 1)]
    assert facets.values["installed"] == [Value("true", 1)]
    assert facets.without == {"category": 2, "installed": 1}


def test_without_says_what_to_loosen() -> None:
    rows = [row("rain", category="weather"), row("snow", category="weather")]
    assert count_facets(rows, Wanted(query="rain", category="time")).without == {"query": 0, "category": 1}


def test_where_nothing_is_found_it_says_what_was_meant_beside_the_other_filters() -> None:
    rows = [row("rain", category="weather"), row("train", category="time")]
    assert count_facets(rows, Wanted(query="rian")).meant == Value("rain", 2)
    assert count_facets(rows, Wanted(query="rian", category="weather")).meant == Value("rain", 1)
    assert count_facets(rows, Wanted(query="rian", category="sports")).meant is None
    assert count_facets(rows, Wanted(query="rain")).meant is None


def some_wanted(rng: random.Random) -> Wanted:
    texts: dict[str, Any] = {name: rng.choice(["", "", "x", "y"]) for name in ("query", *TEXTS)}
    return Wanted(**texts | {name: rng.choice([None, None, True, False]) for name in FLAGS})


@pytest.mark.parametrize("seed", range(20))
def test_every_count_is_what_choosing_it_would_show(seed: int) -> None:
    rng = random.Random(seed)
    rows = [
        row(
            f"{rng.choice('xyz')}{number}",
            category=rng.choice("xyz"),
            tags=rng.sample(["x", "y", "z"], 2),
            author=rng.choice("xy"),
            source=rng.choice("xy"),
            **{name: rng.random() < 0.5 for name in ("verified", "installed", "update_available", "compatible")},
        )
        for number in range(30)
    ]
    wanted = some_wanted(rng)

    def shown(given: Wanted) -> int:
        return sum(all(name in found for name in given.as_texts()) for found in [matching(one, given) for one in rows])

    facets = count_facets(rows, wanted)
    for name, values in facets.values.items():
        for value in values:
            chosen = value.value == "true" if name in FLAGS else value.value
            rest = {**{key: getattr(wanted, key) for key in ("query", *TEXTS, *FLAGS)}, name: chosen}
            assert shown(Wanted(**rest)) == value.count
    assert facets.without == {name: shown(wanted.without(name)) for name in wanted.as_texts()}


def matching(one: dict[str, Any], wanted: Wanted) -> set[str]:
    keys = {"updatable": "update_available"}
    found = {name for name, text in wanted.as_texts().items() if name in FLAGS and str(one[keys.get(name, name)]).lower() == text}
    found |= {name for name in ("category", "author", "source") if one[name] == getattr(wanted, name)}
    found |= {"tag"} if wanted.tag in one["tags"] else set()
    words = " ".join([one["id"], one["category"], one["author"].lower(), *one["tags"]])
    return found | ({"query"} if wanted.query in words else set())
