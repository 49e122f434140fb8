"""What is read from driver.json: the truth about a driver that may be gone."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from display_app.output.state import GONE, NEVER, OPENING, STATE_NAME, DriverState, read_state, write_state


def gone_pid() -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


def test_it_comes_back_as_it_was_written(tmp_path: Path):
    state = DriverState(os.getpid(), "headless", True, "", time.monotonic())
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state


def test_without_a_file_it_has_not_started(tmp_path: Path):
    assert read_state(tmp_path) == DriverState(0, "", False, NEVER, 0.0)


@pytest.mark.parametrize("content", ["", "[", "[]", "{}", '{"pid": "x", "backend": "b", "ok": true, "problem": "", "beat": 1}'])
def test_a_damaged_file_is_no_driver(tmp_path: Path, content: str):
    (tmp_path / STATE_NAME).write_text(content)
    assert read_state(tmp_path).ok is False


def test_a_process_that_is_gone_is_not_ok(tmp_path: Path):
    write_state(tmp_path, DriverState(gone_pid(), "rgbmatrix", True, "", time.monotonic()))
    assert read_state(tmp_path).problem == GONE


def test_one_that_died_while_opening_leaves_its_sentence(tmp_path: Path):
    write_state(tmp_path, DriverState(gone_pid(), "rgbmatrix", False, OPENING, time.monotonic()))
    assert read_state(tmp_path).problem == OPENING


def test_a_silent_driver_is_not_ok(tmp_path: Path):
    write_state(tmp_path, DriverState(os.getpid(), "headless", True, "", 100.0))
    assert read_state(tmp_path, now=104.0).ok
    assert not read_state(tmp_path, now=106.0).ok


def test_a_link_in_its_place_is_not_followed(tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / STATE_NAME).symlink_to(victim)
    assert read_state(tmp_path).problem == NEVER
    write_state(tmp_path, DriverState(os.getpid(), "headless", True, "", time.monotonic()))
    assert victim.read_text() == "untouched"
    assert not (tmp_path / STATE_NAME).is_symlink()
