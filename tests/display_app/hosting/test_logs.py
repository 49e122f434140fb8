"""What plugins print: kept, bounded, and never a reason to wait."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from display_app.hosting.logs import BURST_BYTES, FILE_BYTES, FloodGate, OutputLog


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    yield read, write
    for fd in (read, write):
        try:
            os.close(fd)
        except OSError:
            continue


def test_lines_reach_the_file_and_the_tail(tmp_path: Path, pipe: tuple[int, int]) -> None:
    log = OutputLog(tmp_path / "logs" / "a.log")
    os.write(pipe[1], b"one\ntwo\n")
    assert log.drain(pipe[0])
    log.write()
    assert log.path.read_bytes() == b"one\ntwo\n"
    assert list(log.tail) == ["one", "two"]


def test_the_end_of_the_pipe_is_told(tmp_path: Path, pipe: tuple[int, int]) -> None:
    log = OutputLog(tmp_path / "a.log")
    assert log.drain(pipe[0]) is True
    os.close(pipe[1])
    assert log.drain(pipe[0]) is False


def test_a_flood_is_cut_at_whole_lines_and_said() -> None:
    gate = FloodGate(now=0.0)
    line = b"x" * 99 + b"\n"
    kept = gate.pass_through(line * 1000, now=0.0)
    assert 0 < len(kept) <= BURST_BYTES
    assert kept.endswith(b"\n")
    assert gate.pass_through(line, now=0.0) == b""
    later = gate.pass_through(line, now=10.0)
    assert later.startswith(b"... ") and b"bytes of output were dropped" in later
    assert later.endswith(line)


def test_a_full_file_makes_room_and_the_one_before_is_kept(tmp_path: Path, pipe: tuple[int, int]) -> None:
    log = OutputLog(tmp_path / "a.log")
    log.path.write_bytes(b"o" * (FILE_BYTES - 2))
    os.write(pipe[1], b"new\n")
    log.drain(pipe[0])
    log.write()
    assert log.path.read_bytes() == b"new\n"
    assert (tmp_path / "a.log.1").stat().st_size == FILE_BYTES - 2
