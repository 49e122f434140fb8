"""What the director says of a plugin whose turns show nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from display_app.director.handle import HostHandle
from display_app.director.report import plugin_report
from display_app.director.rows import Wanted
from display_app.frames.bus import FrameReader
from display_app.health.record import Record
from display_app.hosting.channel import Channel
from display_app.hosting.heartbeat import Beat, BeatReader, BeatWriter, make_page
from display_app.hosting.limits import DEFAULT
from display_app.hosting.logs import OutputLog
from display_app.hosting.protocol import Loaded
from display_app.hosting.watchdog import broken_limit

WANTED = Wanted("clock", "Clock", "1", "g1", 0, None, "", 0)
BLACK = "Its picture was black when it was its turn."


BEAT = Beat(0.0, 0.0, 0, 100, 0, 0.0, 0.0)


@pytest.fixture
def page() -> Iterator[int]:
    fd = make_page()
    yield fd
    os.close(fd)


@pytest.fixture
def handle(tmp_path: Path, page: int) -> Iterator[HostHandle]:
    ours, theirs = Channel.pair()
    read, write = os.pipe()
    reader, log = FrameReader(tmp_path / "clock.frames"), OutputLog(tmp_path / "log")
    found = HostHandle(1, WANTED, channel=ours, reader=reader, beats=BeatReader(page), log_fd=read, log=log)
    found.note_loaded(Loaded(("clock",), 1.0))
    yield found
    found.close()
    theirs.close()
    os.close(write)


def reason(handle: HostHandle, note: str) -> str:
    return str(plugin_report(WANTED, Record("clock", "g1"), handle, is_showing=False, note=note)["reason"])


def test_the_reason_ends_with_the_last_complaint_of_its_log(handle: HostHandle) -> None:
    handle.log.tail.extend(["2026-11-23 10:00:00,000 WARNING plugin: no image is set", "2026-11-23 10:00:01,000 INFO plugin: waiting"])
    assert reason(handle, BLACK) == f"{BLACK} Its log says: plugin: no image is set"


def test_a_plugin_that_says_nothing_has_just_the_note_and_one_that_draws_has_none(handle: HostHandle) -> None:
    assert reason(handle, BLACK) == BLACK
    handle.log.tail.append("2026-11-23 10:00:01,000 ERROR plugin: once")
    assert reason(handle, "") == ""


def test_frames_per_second_are_counted_from_beat_to_beat(handle: HostHandle, page: int) -> None:
    writer = BeatWriter(page)
    writer.write(BEAT, at=1000.0)
    handle.look_for_beat(now=1000.3)
    assert (handle.fps, handle.vitals.beat_at) == (0.0, 1000.0)
    writer.write(replace(BEAT, frames=220), at=1002.0)
    handle.look_for_beat(now=1002.4)
    assert (handle.fps, handle.vitals.beat_at) == (60.0, 1002.0)


def test_a_pause_of_the_director_is_held_against_no_host(handle: HostHandle, page: int) -> None:
    BeatWriter(page).write(BEAT, at=1000.0)
    handle.look_for_beat(now=1000.3)
    assert broken_limit(handle.vitals, DEFAULT, now=1100.0) == "it did not answer for 30 seconds."
    handle.excuse(100.0)
    assert broken_limit(handle.vitals, DEFAULT, now=1100.0) is None
