"""Rectangles carved out of rectangles."""

from __future__ import annotations

from typing import Any

import pytest

from display_app.toolkit.regions import Region, region_of

PANEL = Region(0, 0, 64, 32)
PART = Region(10, 4, 20, 9)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (PART.inset(2), Region(12, 6, 16, 5)),
        (PART.inset(2, 1), Region(12, 5, 16, 7)),
        (PART.inset(50), Region(60, 54, 0, 0)),
        (PART.offset(-1, 2), Region(9, 6, 20, 9)),
        (PART.top_band(3), Region(10, 4, 20, 3)),
        (PART.top_band(99), PART),
        (PART.bottom_band(3), Region(10, 10, 20, 3)),
        (PART.middle(2, 3), Region(10, 6, 20, 4)),
        (PART.middle(20, 20), Region(10, 13, 20, 0)),
        (PART.left_col(5), Region(10, 4, 5, 9)),
        (PART.right_col(5), Region(25, 4, 5, 9)),
        (region_of((8, 6)), Region(0, 0, 8, 6)),
        (region_of(PART), PART),
    ],
)
def test_parts(made: Region, expected: Region) -> None:
    assert made == expected


def test_edges_and_middle() -> None:
    assert (PART.right, PART.bottom, PART.center) == (30, 13, (20, 8))
    assert (PART.contains(20, 9), PART.contains(21, 9), PART.contains(20, 10)) == (True, False, False)


def test_shares_add_up_with_gaps_between() -> None:
    assert PANEL.split_h(1, 1, 1, gap=2) == [Region(0, 0, 20, 32), Region(22, 0, 20, 32), Region(44, 0, 20, 32)]
    assert PANEL.split_v(3, 1) == [Region(0, 0, 64, 24), Region(0, 24, 64, 8)]
    assert sum(part.w for part in PANEL.split_h(1, 1, 1)) == 64


@pytest.mark.parametrize(
    ("how", "expected"),
    [({}, (15, 6)), ({"align": "left", "valign": "top"}, (10, 4)), ({"align": "right", "valign": "bottom"}, (20, 9))],
)
def test_where_something_stands(how: dict[str, Any], expected: tuple[int, int]) -> None:
    assert PART.align_xy(10, 4, **how) == expected
    assert PART.center_xy(10, 4) == (15, 6)
