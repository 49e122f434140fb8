"""The events of one viewer: pace, end, places, and what is said when the director dies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from display_app.frames.bus import FrameReader, FrameWriter
from display_app.preview import FrameStream, NoPlace, Viewers


class FakeTime:
    """A clock that moves when somebody sleeps."""

    now = 1000.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Watch:
    """A stream with a clock, a director and a bus of its own."""

    def __init__(self, folder: Path) -> None:
        self.time = FakeTime()
        self.alive = True
        self.places = Viewers(1)
        self.bus = FrameWriter.create(folder / "panel.frames", width=4, height=2)
        self.events = FrameStream(
            FrameReader(folder / "panel.frames"), is_alive=lambda: self.alive, places=self.places, seconds=40,
            clock=self.time.clock, sleep=self.time.sleep,
        )  # fmt: skip

    def next(self) -> tuple[str, dict[str, Any]]:
        name, data = next(self.events).decode().strip().split("\n")
        return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    watch = Watch(tmp_path)
    assert next(watch.events).startswith(b"retry:")
    yield watch
    watch.events.close()
    watch.bus.close()


def test_a_still_picture_is_sent_once_and_beats_go_on(watch: Watch):
    watch.bus.publish(bytes(24))
    names = [watch.next()[0] for _ in range(6)]
    assert names == ["beat", "frame", "beat", "beat", "beat", "beat"]
    assert 4.0 <= watch.time.now - 1000 <= 4.5


def test_at_most_twenty_frames_a_second(watch: Watch):
    frames = 0
    while watch.time.now < 1002:
        watch.bus.publish(bytes(24))
        frames += watch.next()[0] == "frame"
    assert 35 <= frames <= 42


def test_a_dead_director_is_said_at_once_and_no_frame_follows(watch: Watch):
    watch.bus.publish(bytes(24))
    assert [watch.next()[0], watch.next()[0]] == ["beat", "frame"]
    watch.alive, died_at = False, watch.time.now
    assert watch.next() == ("beat", {"alive": False})
    assert watch.time.now - died_at <= 0.5
    watch.bus.publish(b"\xff" * 24)
    assert [watch.next(), watch.next()] == [("beat", {"alive": False})] * 2
    watch.alive = True
    assert [watch.next()[1].get("alive"), watch.next()[1]["number"]] == [True, 2]


def test_it_ends_by_itself(watch: Watch):
    for _ in watch.events:
        pass
    assert 1040 <= watch.time.now <= 1040.1


def test_it_ends_at_once_when_the_server_stops(watch: Watch):
    watch.next()
    watch.places.stop()
    assert list(watch.events) == []


def test_closing_gives_the_place_back_once(watch: Watch):
    with pytest.raises(NoPlace):
        watch.places.enter()
    watch.events.close()
    watch.events.close()
    watch.places.enter()
    with pytest.raises(NoPlace):
        watch.places.enter()
