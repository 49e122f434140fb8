"""The panel's state as pages see it, from a living director, a dead one and a broken file."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from display_app.status import read_status


@pytest.fixture
def status_file() -> Iterator[Path]:
    path = settings.LEDSITE.run_dir / "status.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    yield path
    path.unlink(missing_ok=True)


def write(path: Path, **values: object) -> None:
    path.write_text(
        json.dumps({"pid": os.getpid(), "beat": time.monotonic(), "driver": {"ok": True, "problem": None}, "brightness": 30} | values)
    )


def test_a_living_director_is_believed(status_file: Path) -> None:
    write(status_file, now={"plugin_id": "clock"})
    status = read_status()
    assert status["alive"] is True
    assert status["now"] == {"plugin_id": "clock"}
    assert status["driver"] == {"ok": True, "problem": None}


def test_an_old_beat_means_dead(status_file: Path) -> None:
    write(status_file, beat=time.monotonic() - 3.5, now={"plugin_id": "clock"})
    status = read_status()
    assert (status["alive"], status["now"], status["driver"]["ok"], status["brightness"]) == (False, None, False, 30)


def test_a_process_that_is_gone_means_dead_at_once(status_file: Path) -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    write(status_file, pid=child.pid)
    assert read_status()["alive"] is False


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"beat": "x"}', '{"beat": 1e99, "pid": 0}'])
def test_a_missing_or_broken_file_means_dead(status_file: Path, text: str | None) -> None:
    if text is not None:
        status_file.write_text(text)
    status = read_status()
    assert status["alive"] is False
    assert status["driver"]["problem"]
    assert status["panel"] == {"width": 128, "height": 32}
