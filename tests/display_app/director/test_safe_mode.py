"""The safe mode with a real panel: deaths that no plugin explains are counted on the disk, and a command ends it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from display_app.director.safe_mode import SafeMode
from display_app.director.writer import Writer
from display_app.health.starts import FILE_NAME, Starts, read_starts, write_starts
from plugins_app.models import Source
from tests.fakes.panel import FakePanelOwner, until

pytestmark = pytest.mark.process


@pytest.fixture
def two(panel: FakePanelOwner) -> FakePanelOwner:
    panel.install("ours", "steady", {"color": [0, 0, 99], "display_duration": 1}, source=Source.BUNDLED)
    panel.install("theirs", "bar", {"display_duration": 1})
    return panel


def starts(panel: FakePanelOwner) -> Starts:
    return read_starts(panel.data_dir / FILE_NAME)


def test_the_third_death_of_the_director_leaves_only_what_is_bundled_until_a_person_says_otherwise(two: FakePanelOwner) -> None:
    write_starts(two.data_dir / FILE_NAME, Starts(died=2, is_open=True))
    two.start()
    until(lambda: two.status().get("safe_mode"), what="safe mode")
    two.until_showing("ours")
    assert two.plugin("theirs")["state"] == "backed-off"
    assert "safe mode" in two.plugin("theirs")["reason"]
    assert "host theirs" not in two.processes()
    until(lambda: two.issue("safe-mode"), what="a notice")
    two.order("leave-safe-mode")
    two.until_showing("theirs")
    assert two.status()["safe_mode"] is None
    until(lambda: not two.issue("safe-mode"), what="the notice is resolved")


def test_a_killed_director_counts_and_a_stopped_one_does_not(two: FakePanelOwner) -> None:
    two.start()
    two.until_showing("theirs")
    assert starts(two) == Starts(is_open=True)
    two.kill()
    two.start()
    until(lambda: starts(two) == Starts(died=1, is_open=True), what=lambda: f"{starts(two)}")
    two.until_showing("theirs")
    two.stop()
    assert starts(two) == Starts(died=1)


class LateWriter(Writer):
    """Comes to its jobs when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], object]] = []

    def put(self, job: Callable[[], object]) -> None:
        self.waiting.append(job)


def test_what_is_written_late_does_not_undo_that_a_start_has_begun(tmp_path: Path, db: None) -> None:
    write_starts(tmp_path / FILE_NAME, Starts(died=1, is_open=True))
    writer = LateWriter()
    SafeMode(tmp_path, writer).begin()
    for job in writer.waiting:
        job()
    assert read_starts(tmp_path / FILE_NAME) == Starts(died=2, is_open=True)


def kill_zygote(panel: FakePanelOwner) -> None:
    until(lambda: panel.plugin("theirs").get("state") in ("ready", "showing") and "zygote" in panel.processes())
    os.kill(panel.processes()["zygote"], signal.SIGKILL)


def test_deaths_of_the_zygote_count_too_unless_a_plugin_was_named(two: FakePanelOwner) -> None:
    two.start()
    for deaths in (1, 2):
        kill_zygote(two)
        until(lambda deaths=deaths: starts(two) == Starts(died=deaths, is_open=True), what=lambda: f"{starts(two)}")
    until(lambda: two.plugin("theirs").get("state") in ("ready", "showing"))
    os.kill(two.processes()["host theirs"], signal.SIGKILL)
    until(lambda: starts(two).is_blamed, what=lambda: f"{starts(two)}")
    kill_zygote(two)
    until(lambda: starts(two) == Starts(died=2, is_open=True), what=lambda: f"{starts(two)}")
    kill_zygote(two)
    until(lambda: two.status().get("safe_mode"), what="safe mode, while the director goes on")
    two.until_showing("ours")
    assert "host theirs" not in two.processes()
