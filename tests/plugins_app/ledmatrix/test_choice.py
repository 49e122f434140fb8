"""What a person has set here counts more than what was elsewhere, unless the last import had set it."""

from __future__ import annotations

from typing import Any

import pytest

from plugins_app.config.pointers import value_at
from plugins_app.ledmatrix.choice import BEFORE, SINCE, choose, mark

DEFAULT = 5


def decide(theirs: Any, *, here: Any, left: Any = None, overwrite: bool = False) -> Any:
    settings = {"speed": here}
    choice = choose(
        {"/speed": theirs},
        here=settings,
        is_own=lambda pointer: value_at(settings, pointer) != DEFAULT,
        mark_of=lambda pointer: mark(value_at(settings, pointer)),
        marks={} if left is None else {"/speed": mark(left)},
        overwrite=overwrite,
    )
    return "take" if choice.take else "same" if choice.same else choice.kept["/speed"]


@pytest.mark.parametrize(
    ("theirs", "here", "left", "expected"),
    [
        (9, 9, None, "same"),
        (9, 5, None, "take"),  # nobody has set it here
        (9, 7, None, BEFORE),
        (9, 9, 9, "same"),
        (8, 9, 9, "take"),  # changed there, untouched here
        (8, 7, 9, SINCE),
        (9, 5, 9, SINCE),  # put back to the default here
        (True, 1, 1, "take"),  # not the same in JSON
    ],
)
def test_who_has_the_last_word(theirs: Any, here: Any, left: Any, expected: str) -> None:
    assert decide(theirs, here=here, left=left) == expected
    assert decide(theirs, here=here, left=left, overwrite=True) in ("same", "take")


def test_marks_tell_values_apart_and_do_not_show_them() -> None:
    assert mark({"a": [1, 2]}) == mark({"a": [1, 2]}) != mark({"a": [2, 1]})
    assert "hush" not in mark("hush")
