"""Beats in shared memory: what the director sees of a host that beats, rests, lies, or tries to take the page away."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator

import pytest

from display_app.hosting.heartbeat import PAGE_BYTES, Beat, BeatReader, BeatWriter, make_page

BEAT = Beat(drawing=0.0, updating=1.5, draws=3, frames=2, late=1, draw_seconds=0.01, update_seconds=0.2)


@pytest.fixture
def page() -> Iterator[int]:
    fd = make_page()
    yield fd
    os.close(fd)


@pytest.fixture
def reader(page: int) -> Iterator[BeatReader]:
    found = BeatReader(page)
    yield found
    found.close()


def test_a_beat_is_seen_once(page: int, reader: BeatReader) -> None:
    assert reader.read(now=100.0) is None
    BeatWriter(page).write(BEAT, at=100.5)
    assert reader.read(now=101.0) == (100.5, BEAT)
    assert reader.read(now=101.5) is None


def test_the_next_beat_is_seen_though_its_numbers_are_the_same(page: int, reader: BeatReader) -> None:
    writer = BeatWriter(page)
    for at in (100.5, 101.5):
        writer.write(BEAT, at=at)
        assert reader.read(now=102.0) == (at, BEAT)


def test_no_beat_is_of_the_future(page: int, reader: BeatReader) -> None:
    BeatWriter(page).write(BEAT, at=1e9)
    assert reader.read(now=101.0) == (101.0, BEAT)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1.0, 1e300])
@pytest.mark.parametrize("place", range(8))
def test_what_is_no_beat_is_not_taken_for_one(page: int, reader: BeatReader, place: int, number: float) -> None:
    BeatWriter(page).write(BEAT, at=100.5)
    with mmap.mmap(page, PAGE_BYTES) as memory:
        numbers = memoryview(memory).cast("d")
        numbers[place] = number
        numbers.release()
    assert reader.read(now=101.0) is None


@pytest.mark.parametrize("size", [0, 2 * PAGE_BYTES])
def test_the_page_can_neither_shrink_nor_grow(page: int, size: int) -> None:
    with pytest.raises(PermissionError):
        os.ftruncate(page, size)
