"""The numbers: their defaults, what may be changed, and what comes of a row that says nonsense."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

import pytest

from display_app.hosting.limits import DEFAULT, MIB, Limits, merged, problem_of


def test_the_defaults() -> None:
    assert asdict(DEFAULT) == {
        "turn_seconds": 1.0,
        "construct_seconds": 60.0,
        "first_display_seconds": 30.0,
        "display_seconds": 10.0,
        "update_seconds": 30.0,
        "update_grace_seconds": 90.0,
        "silence_seconds": 30.0,
        "stop_seconds": 2.0,
        "memory_mb": 256,
        "threads": 200,
        "strikes": 5,
        "strike_minutes": 10.0,
        "failures": 3,
        "pause_seconds": 300.0,
        "longest_pause_seconds": 3600.0,
    }


def test_the_kernels_limit_lies_behind_the_watchdogs() -> None:
    assert DEFAULT.hard_memory_bytes == 448 * MIB


def test_every_default_is_in_its_own_range() -> None:
    assert problem_of(asdict(DEFAULT)) is None
    assert all(each.metadata["title"] and each.metadata["note"] for each in fields(Limits))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"display_seconds": 0}, "display_seconds must be a number from 1 to 300"),
        ({"strikes": 2.5}, "strikes must be a whole number from 2 to 50"),
        ({"memory_mb": True}, "memory_mb must be a whole number from 64 to 4096"),
        ({"memory_mb": float("nan")}, "memory_mb must be a whole number from 64 to 4096"),
        ({"threads": "many"}, "threads must be a whole number from 20 to 2000"),
        ([], "must be an object of names and numbers"),
    ],
)
def test_what_cannot_be_is_refused_in_words(changed: Any, words: str) -> None:
    assert problem_of(changed) == words


def test_an_unknown_name_is_refused() -> None:
    assert str(problem_of({"speed": 1})).startswith("has no 'speed'; known are turn_seconds, ")


def test_only_what_differs_is_kept_and_null_goes_back_to_the_default() -> None:
    kept = merged({}, {"memory_mb": 300.0, "strikes": 5})
    assert kept == {"memory_mb": 300}
    assert merged(kept, {"threads": 50}) == {"memory_mb": 300, "threads": 50}
    assert merged(kept, {"memory_mb": None}) == {}


@pytest.mark.parametrize("nonsense", [None, [], {"memory_mb": 1}, {"memory_mb": "x"}, {"speed": 9}])
def test_a_row_that_says_nonsense_means_the_defaults(nonsense: Any) -> None:
    assert Limits.of(nonsense) == DEFAULT
