"""Pictures between pictures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display_app.rotation.transitions import KINDS, blend

SIZE = (4, 2)
RED, BLUE = bytes((200, 0, 0)), bytes((0, 0, 100))
OLD, NEW = RED * 8, BLUE * 8


def between(kind: str, progress: float) -> bytes:
    return blend(kind, OLD, NEW, progress=progress, size=SIZE)


@pytest.mark.parametrize("kind", KINDS)
def test_it_ends_with_the_new_picture(kind: str) -> None:
    assert between(kind, 1.0) == between(kind, 1.5) == NEW


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "cut"])
def test_it_begins_with_the_old_picture(kind: str) -> None:
    assert between(kind, 0.0) == between(kind, -1.0) == OLD


def test_a_cut_and_an_unknown_kind_show_the_new_picture_at_once() -> None:
    assert between("cut", 0.1) == between("explode", 0.1) == NEW


def test_half_way() -> None:
    assert between("fade", 0.5) == bytes((100, 0, 50)) * 8
    assert between("slide", 0.5) == between("wipe", 0.25 * 2).replace(BLUE * 2 + RED * 2, RED * 2 + BLUE * 2)
    assert between("wipe", 0.5) == (BLUE * 2 + RED * 2) * 2


def test_a_slide_pushes_the_old_picture_to_the_left() -> None:
    old = b"".join(bytes((column, 0, 0)) for column in (1, 2, 3, 4))
    new = b"".join(bytes((column, 0, 0)) for column in (5, 6, 7, 8))
    moved = blend("slide", old, new, progress=0.25, size=(4, 1))
    assert [moved[at] for at in range(0, 12, 3)] == [2, 3, 4, 5]


@given(st.sampled_from(KINDS), st.binary(min_size=24, max_size=24), st.binary(min_size=24, max_size=24), st.floats(-1, 2))
def test_every_picture_has_the_panels_size(kind: str, old: bytes, new: bytes, progress: float) -> None:
    assert len(blend(kind, old, new, progress=progress, size=SIZE)) == 24
