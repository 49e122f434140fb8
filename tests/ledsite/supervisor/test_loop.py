"""The supervisor with real processes: restarts, giving up, ordered stop, and nothing left when it is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ledsite.process import start_ticks
from tests.fakes.product import BASE_DIR, wait_for

pytestmark = pytest.mark.process

PROGRAM = """
import json, os, signal, subprocess, sys, time
from functools import partial
from pathlib import Path
from ledsite.beats import has_fallen_silent
from ledsite.supervisor import loop
from ledsite.supervisor.child import Spec
from ledsite.supervisor.console import Console
from ledsite.supervisor.loop import Supervisor
from ledsite.supervisor.state import write_state

folder = Path(sys.argv[1])

def sleeper():
    print("sleeping", flush=True)
    time.sleep(60)

def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    subprocess.Popen([sys.executable, "-c", "import os, time; open('orphan', 'w').write(str(os.getpid())); time.sleep(60)"], cwd=folder)
    time.sleep(60)

def slowly():
    signal.signal(signal.SIGTERM, lambda *_: (folder.joinpath("order").open("a").write("stage one\\n"), sys.exit(0)))
    time.sleep(60)

def last():
    signal.signal(signal.SIGTERM, lambda *_: (folder.joinpath("order").open("a").write("stage two\\n"), sys.exit(0)))
    time.sleep(60)

def silent():
    folder.joinpath("beat").write_text(json.dumps({"pid": os.getpid(), "beat": time.monotonic() - 100}))
    time.sleep(60)

def crashing():
    sys.exit("no way")

loop.LOOK_SECONDS = 0.1
is_silent = partial(has_fallen_silent, folder / "beat", seconds=5)
specs = [Spec("last", last, stage=1), *(Spec(name, globals()[name], is_silent=is_silent) for name in sys.argv[2:])]
Supervisor(specs, console=Console(folder), on_change=lambda children: write_state(folder, address="x", children=children)).run()
"""


class Run:
    """One supervisor in a process of its own."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder = folder
        with (folder / "out").open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(folder), *names], cwd=BASE_DIR, stdout=out, stderr=out, start_new_session=True
            )

    def facts(self, name: str) -> dict:
        """Return what up.json says of one process."""
        try:
            return json.loads((self.folder / "up.json").read_text())["processes"].get(name, {})
        except FileNotFoundError:
            return {}

    def pid(self, name: str, *, other_than: int = 0) -> int:
        """Wait for a running process and return its id."""
        return wait_for(
            lambda: self.facts(name).get("state") == "running" and self.facts(name)["pid"] != other_than and self.facts(name)["pid"],
            what=f"{name} running",
        )

    def output(self) -> str:
        """Return what a person sees."""
        return (self.folder / "out").read_text()


@pytest.fixture
def run(tmp_path):
    """Start supervisors that are gone at the end."""
    runs: list[Run] = []

    def start(*names: str) -> Run:
        runs.append(Run(tmp_path, *names))
        return runs[-1]

    yield start
    for each in runs:
        each.process.kill()
        each.process.wait(10)


def test_a_killed_process_is_started_again(run):
    running = run("sleeper")
    first = running.pid("sleeper")
    os.kill(first, signal.SIGKILL)
    assert running.pid("sleeper", other_than=first) != first
    assert running.facts("sleeper")["restarts"] == 1
    assert "sleeper was ended by signal 9; it is started again." in running.output()


def test_five_failures_leave_it_stopped_and_the_others_running(run):
    running = run("crashing", "sleeper")
    wait_for(lambda: running.facts("crashing").get("state") == "given-up", what="giving up")
    assert running.facts("crashing")["problem"] == "crashing ended with code 1"
    assert running.output().count("crashing | no way") == 5
    assert "that was the fifth failure within a minute, so it stays stopped" in running.output()
    assert running.facts("sleeper")["state"] == "running"


def test_a_process_that_is_there_and_silent_is_killed_and_started_again_and_only_that(run):
    running = run("silent", "sleeper")
    sleeper, first = running.pid("sleeper"), running.pid("silent")
    running.pid("silent", other_than=first)
    assert "silent has fallen silent: killed." in running.output()
    assert running.facts("sleeper")["pid"] == sleeper


def test_it_stops_stage_by_stage(run):
    running = run("slowly", "sleeper")
    running.pid("slowly"), running.pid("last")
    wait_for(lambda: "sleeping" in running.output())
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(10) == 0
    assert (running.folder / "order").read_text() == "stage one\nstage two\n"


def test_what_does_not_stop_is_killed_with_its_family(run):
    running = run("stubborn")
    orphan = int(wait_for(lambda: (running.folder / "orphan").exists() and (running.folder / "orphan").read_text()))
    pid = running.pid("stubborn")
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(10) == 0
    assert "stubborn did not stop in time: killed." in running.output()
    assert not start_ticks(pid)
    wait_for(lambda: not start_ticks(orphan), what="end of the orphan")


def test_a_second_signal_kills_at_once(run):
    running = run("stubborn")
    wait_for(lambda: (running.folder / "orphan").exists())
    running.process.send_signal(signal.SIGINT)
    wait_for(lambda: "Stopping" in running.output())
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(10) == 0
    assert "did not stop in time" not in running.output()


def test_nothing_is_left_when_it_is_killed_itself(run):
    running = run("sleeper")
    pids = [running.pid("sleeper"), running.pid("last")]
    running.process.kill()
    running.process.wait(5)
    wait_for(lambda: not any(start_ticks(pid) for pid in pids), seconds=5, what="end of the children")
