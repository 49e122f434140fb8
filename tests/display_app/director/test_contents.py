"""What hosts send for the ticker is read from sealed memory and believed only when it can be a picture."""

from __future__ import annotations

import os
from typing import Any

import pytest

from display_app.director.contents import ANSWER_SECONDS, JUNK, MOST_BYTES, SILENT, Contents
from display_app.hosting.protocol import Collect, Content
from display_app.rotation.ticker import Part, TickerSettings

WIDTH, HEIGHT = 8, 2


class FakeHost:
    """Takes wishes and writes what the test says, as a host's process would."""

    def __init__(self) -> None:
        self.plugin_id = "sample"
        self.wish: Collect | None = None
        self.fd = -1

    def collect(self, wish: Collect, fd: int) -> None:
        self.wish, self.fd = wish, os.dup(fd)

    def answer(self, *, way: str = "scroll", width: int = 4, weight: int = 0, reason: str = "", number: int | None = None) -> Content:
        assert self.wish is not None
        os.pwrite(self.fd, b"\x09" * (4 * HEIGHT * 3), 0)
        return Content(self.wish.number if number is None else number, way, width, weight, reason)


@pytest.fixture
def host() -> Any:
    found = FakeHost()
    yield found
    if found.fd >= 0:
        os.close(found.fd)


@pytest.fixture
def contents(host: Any) -> Any:
    found = Contents(width=WIDTH, height=HEIGHT)
    found.ask(host, TickerSettings(item_gap=3, plugins={"sample": Part("fixed")}), now=10.0)
    yield found
    found.forget_all_but(set())


def test_a_picture_comes_through(host: Any, contents: Contents) -> None:
    assert (host.wish.way, host.wish.item_gap, host.wish.panel_width, contents.asked(now=10.0)) == ("fixed", 3, WIDTH, 1)
    held = contents.hear("sample", host.answer(weight=4))
    assert held is not None and held.picture is not None
    assert (held.picture.size, held.picture.getpixel((3, 1)), held.weight, contents.asked(now=10.0)) == ((4, HEIGHT), (9, 9, 9), 4, 0)


@pytest.mark.parametrize(
    "junk", [{"way": "up"}, {"width": -1}, {"width": MOST_BYTES}, {"weight": 11}, {"weight": -1}, {"way": "static", "width": WIDTH + 1}]
)
def test_junk_is_no_picture(host: Any, contents: Contents, junk: dict[str, Any]) -> None:
    held = contents.hear("sample", host.answer(**junk))
    assert held is not None and (held.picture, held.reason) == (None, JUNK)


def test_nothing_has_its_reason(host: Any, contents: Contents) -> None:
    held = contents.hear("sample", host.answer(width=0, reason="Nothing today."))
    assert held is not None and (held.picture, held.reason) == (None, "Nothing today.")


def test_an_answer_to_an_older_question_is_ignored(host: Any, contents: Contents) -> None:
    assert contents.hear("sample", host.answer(number=99)) is None
    assert contents.hear("sample", host.answer()) is not None
    assert contents.hear("sample", host.answer()) is None


def test_the_memory_can_neither_shrink_nor_grow(host: Any) -> None:
    contents = Contents(width=WIDTH, height=HEIGHT)
    contents.ask(host, TickerSettings(), now=0.0)
    for length in (1, MOST_BYTES + 1):
        with pytest.raises(OSError, match="Operation not permitted"):
            os.ftruncate(host.fd, length)
    contents.forget_all_but(set())


def test_a_picture_that_is_useless_now_is_asked_for_again(host: Any, contents: Contents) -> None:
    contents.hear("sample", host.answer())
    contents.outdate("sample", is_useless=False)
    held = contents.of("sample")
    assert held.picture is not None and held.asked_at == 0.0
    contents.outdate("sample", is_useless=True)
    assert (held.picture, held.was_answered) == (None, False)


def test_silence_costs_the_picture_once_and_a_late_answer_brings_it_back(host: Any, contents: Contents) -> None:
    contents.hear("sample", host.answer())
    os.close(host.fd)
    contents.ask(host, TickerSettings(), now=20.0)
    assert not contents.give_up("sample", now=20.0 + ANSWER_SECONDS / 2)
    assert contents.of("sample").picture is not None
    assert contents.give_up("sample", now=20.0 + ANSWER_SECONDS)
    assert (contents.of("sample").picture, contents.of("sample").reason) == (None, SILENT)
    assert not contents.give_up("sample", now=99.0)
    held = contents.hear("sample", host.answer())
    assert held is not None and held.picture is not None and held.reason == ""
