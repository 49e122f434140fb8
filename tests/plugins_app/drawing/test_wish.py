"""What may be wished for."""

from __future__ import annotations

import pytest

from plugins_app.drawing.wish import SIZES, Wish
from plugins_app.exceptions import BadRequest


@pytest.mark.parametrize("size", [*SIZES, (8, 8), (512, 128)])
def test_panels_of_every_usual_size_can_be_drawn(size):
    width, height = size
    Wish(width=width, height=height, settings={}, mode="b").check(["a", "b"])


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"width": 7}, "bad-size"),
        ({"height": 513}, "bad-size"),
        ({"width": 512, "height": 129}, "bad-size"),
        ({"mode": "c"}, "bad-mode"),
        ({"seconds": 0.0}, "bad-duration"),
        ({"seconds": 10.5}, "bad-duration"),
        ({"seconds": float("nan")}, "bad-duration"),
    ],
)
def test_what_is_too_much_is_refused_with_what_is_possible(values, code):
    with pytest.raises(BadRequest) as caught:
        Wish(**{"width": 64, "height": 32, "settings": {}, **values}).check(["a", "b"])
    assert (caught.value.code, bool(caught.value.hint)) == (code, True)
