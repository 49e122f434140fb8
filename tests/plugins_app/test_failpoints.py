"""The crash tests' own tool: silent when off, exact when armed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from plugins_app import failpoints

SCRIPT = "from plugins_app.failpoints import failpoint\nfor name in ('one', 'two', 'three'):\n    failpoint(name)\nprint('alive')\n"


def run(**environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", SCRIPT], env={**os.environ, **environ}, capture_output=True, text=True, timeout=30)


def test_it_does_nothing_unless_armed():
    assert run().stdout == "alive\n"


def test_it_kills_its_own_process_at_the_kth_point(tmp_path):
    log = tmp_path / "passed"
    ended = run(LEDSITE_FAILPOINT_AT="2", LEDSITE_FAILPOINT_LOG=str(log))
    assert ended.returncode == -signal.SIGKILL
    assert log.read_text().split() == ["one", "two"]


def test_names_that_are_not_asked_for_do_not_count():
    assert run(LEDSITE_FAILPOINT_AT="1", LEDSITE_FAILPOINT_ONLY="three").returncode == -signal.SIGKILL
    assert run(LEDSITE_FAILPOINT_AT="2", LEDSITE_FAILPOINT_ONLY="three").stdout == "alive\n"


@pytest.mark.parametrize("times", [1, 3])
def test_it_counts_what_was_passed(times):
    failpoints.arm()
    for _ in range(times):
        failpoints.failpoint("here")
    assert failpoints.disarm() == times
    failpoints.failpoint("here")
    assert failpoints.disarm() == times
