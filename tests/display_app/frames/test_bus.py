"""The frame bus: what a reader sees of a writer that works, dies, cheats or is replaced."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from display_app.frames.bus import FrameReader, FrameWriter, file_size

WIDTH, HEIGHT = 64, 32


def picture(value: int) -> bytes:
    return bytes([value % 256]) * (WIDTH * HEIGHT * 3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "panel.frames"


@pytest.fixture
def now() -> list[float]:
    return [100.0]


def test_a_new_bus_has_no_frame(path: Path) -> None:
    with FrameWriter.create(path, width=WIDTH, height=HEIGHT), FrameReader(path) as reader:
        assert reader.read() is None


def test_a_missing_file_is_no_frame(path: Path) -> None:
    assert FrameReader(path).read() is None


def test_a_reader_gets_what_was_published_last(path: Path) -> None:
    with FrameWriter.create(path, width=WIDTH, height=HEIGHT) as writer, FrameReader(path) as reader:
        writer.publish(picture(1))
        writer.set_hardware_generation(7)
        number = writer.publish(picture(2), brightness=40)
        frame = reader.read()
    assert frame is not None
    assert (frame.number, frame.width, frame.height, frame.brightness, frame.hardware_generation) == (number, WIDTH, HEIGHT, 40, 7)
    assert frame.rgb == picture(2)


def test_reading_twice_gives_the_same_object_until_something_changes(path: Path) -> None:
    with FrameWriter.create(path, width=WIDTH, height=HEIGHT) as writer, FrameReader(path) as reader:
        writer.publish(picture(1))
        first = reader.read()
        assert reader.read() is first
        writer.set_hardware_generation(1)
        changed = reader.read()
    assert changed is not None and changed is not first
    assert changed.hardware_generation == 1


@pytest.mark.parametrize(("rgb", "brightness"), [(b"", 100), (picture(1) + b"x", 100), (picture(1), 101), (picture(1), -1)])
def test_a_writer_refuses_wrong_pictures(path: Path, rgb: bytes, brightness: int) -> None:
    with FrameWriter.create(path, width=WIDTH, height=HEIGHT) as writer, pytest.raises(ValueError):
        writer.publish(rgb, brightness=brightness)


def test_a_picture_damaged_while_it_is_written_is_not_shown(path: Path) -> None:
    with FrameWriter.create(path, width=WIDTH, height=HEIGHT) as writer, FrameReader(path) as reader:
        good = writer.publish(picture(1))
        assert reader.read() is not None
        number = writer.publish(picture(2))
        with path.open("r+b") as file:
            file.seek(file_size(WIDTH, HEIGHT) - WIDTH * HEIGHT * 3 - 16 if number % 2 else 32)
            file.seek(60, os.SEEK_CUR)
            file.write(b"\xff")
        frame = reader.read()
    assert frame is not None
    assert frame.number == good


def test_a_truncated_file_is_no_frame(path: Path) -> None:
    with FrameWriter.create(path, width=WIDTH, height=HEIGHT) as writer, FrameReader(path) as reader:
        writer.publish(picture(1))
        os.truncate(path, 100)
        assert reader.read() is None


def test_a_file_that_is_cut_short_later_is_no_frame_any_more(path: Path, now: list[float]) -> None:
    with FrameWriter.create(path, width=WIDTH, height=HEIGHT) as writer, FrameReader(path, clock=lambda: now[0]) as reader:
        number = writer.publish(picture(1))
        for length in (file_size(WIDTH, HEIGHT) - 1, 20, 0):
            os.truncate(path, length)
            frame = reader.read()
            assert frame is None or frame.number == number
            now[0] += 1.1
            assert reader.read() is None


def test_a_file_that_is_no_bus_is_no_frame(path: Path) -> None:
    path.write_bytes(b"x" * file_size(WIDTH, HEIGHT))
    assert FrameReader(path).read() is None


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    with FrameWriter.create(tmp_path / "real", width=WIDTH, height=HEIGHT) as writer:
        writer.publish(picture(1))
        path.symlink_to(tmp_path / "real")
        assert FrameReader(path).read() is None


def test_a_reader_moves_to_a_new_file_and_the_numbers_go_on(path: Path, now: list[float]) -> None:
    reader = FrameReader(path, clock=lambda: now[0])
    with FrameWriter.create(path, width=WIDTH, height=HEIGHT) as writer:
        last = writer.publish(picture(1))
        assert reader.read() is not None
    with FrameWriter.create(path, width=16, height=8) as writer:
        number = writer.publish(bytes(16 * 8 * 3))
        now[0] += 1.1
        frame = reader.read()
    reader.close()
    assert frame is not None
    assert (frame.number, frame.width, frame.height) == (number, 16, 8)
    assert number == last + 1


def test_a_writer_can_be_made_from_a_descriptor(path: Path) -> None:
    FrameWriter.create(path, width=WIDTH, height=HEIGHT).close()
    fd = os.open(path, os.O_RDWR)
    with FrameWriter.from_fd(fd) as writer, FrameReader(path) as reader:
        os.close(fd)
        writer.publish(picture(3))
        frame = reader.read()
    assert frame is not None and frame.rgb == picture(3)


def _write_for_ever(path: str) -> None:
    writer = FrameWriter.create(path, width=WIDTH, height=HEIGHT)
    value = 0
    while True:
        writer.publish(picture(value), brightness=value % 101)
        value += 1


@pytest.mark.process
def test_frames_are_whole_while_a_fast_writer_is_killed_and_replaced(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    seen = 0
    with FrameReader(path) as reader:
        for _ in range(2):
            writer = context.Process(target=_write_for_ever, args=(str(path),))
            writer.start()
            deadline = time.monotonic() + 20
            target = seen + 200
            while seen < target and time.monotonic() < deadline:
                frame = reader.read()
                if frame is not None:
                    assert len(set(frame.rgb)) == 1
                    seen += 1
            writer.kill()
            writer.join()
            writer.close()
    assert seen >= 400
    with FrameReader(path) as reader:
        assert reader.read() is not None
