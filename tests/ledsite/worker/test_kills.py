"""`manage.py qcluster` with each of its processes killed in turn: the queue process leaves, nothing is orphaned, no work is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledsite.process import start_ticks
from tests.fakes.product import BASE_DIR, wait_for

pytestmark = pytest.mark.process

ENQUEUE = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "ledsite.settings"
django.setup()
from django_q.tasks import async_task
async_task(sys.argv[1], *sys.argv[2:], cluster="slow")
"""


class Queue:
    """The queue `slow` on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LEDSITE_")},
            "LEDSITE_DATA_DIR": str(folder / "var"),
            "LEDSITE_RUN_DIR": str(folder / "run"),
            "LEDSITE_PLUGIN_DIR": str(folder / "root" / "plugin-repos"),
            "LEDSITE_REGISTRY_URL": "http://127.0.0.1:9/plugins.json",
            "PYTHONPATH": str(BASE_DIR),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.run("manage.py", "up", "--prepare-only")
        with closing(sqlite3.connect(folder / "var" / "ledsite.sqlite3")) as database, database:
            database.execute("DELETE FROM django_q_ormq")  # the bundled plugins are no matter here

    def run(self, *arguments: str) -> None:
        """Run Python and insist on success."""
        subprocess.run([sys.executable, *arguments], cwd=BASE_DIR, env=self.environment, check=True, capture_output=True, timeout=100)

    def enqueue(self, function: str, *arguments: str) -> None:
        """Put a task into the queue."""
        self.run("-c", ENQUEUE, function, *arguments)

    def waiting(self) -> int:
        """Count the tasks that are not done."""
        with closing(sqlite3.connect(self.folder / "var" / "ledsite.sqlite3")) as database:
            return int(database.execute("SELECT count(*) FROM django_q_ormq").fetchone()[0])

    def start(self) -> dict[str, int]:
        """Start the queue process and return the ids of its family by role, once it serves."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster", "-n", "slow"], cwd=BASE_DIR, env=self.environment, stdin=subprocess.DEVNULL
        )
        return wait_for(self.family, what="a serving queue")

    def family(self) -> dict[str, int]:
        """Return worker, monitor, pusher and the queue process itself; nothing while one is missing."""
        assert self.process is not None
        found = {"queue": self.process.pid}
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in children.read_text().split() if children.exists() else []:
            title = Path(f"/proc/{pid}/cmdline").read_text()
            for role, word in (("worker", " idle"), ("worker", " processing "), ("monitor", " monitor"), ("pusher", " pusher")):
                if word in title:
                    found[role] = int(pid)
        return found if len(found) == 4 else {}

    def stop(self) -> None:
        """End it the hard way."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One prepared data folder for the module."""
    return Queue(tmp_path_factory.mktemp("queue"))


@pytest.fixture
def queue(folder):
    """The queue process, gone at the end."""
    yield folder
    folder.stop()


def assert_all_gone(family: dict[str, int]) -> None:
    """Wait until no process of the family is left."""
    wait_for(lambda: not any(start_ticks(pid) for pid in family.values()), seconds=5, what=f"end of {family}")


@pytest.mark.parametrize("role", ["worker", "monitor", "pusher"])
def test_the_queue_process_leaves_with_an_error_when_one_of_its_own_is_killed(queue, role):
    family = queue.start()
    os.kill(family[role], signal.SIGKILL)
    assert queue.process.wait(5) == 1
    assert_all_gone(family)


def test_nothing_goes_on_without_the_queue_process(queue):
    family = queue.start()
    os.kill(family["queue"], signal.SIGKILL)
    queue.process.wait(5)
    assert_all_gone(family)


def test_a_task_whose_worker_was_killed_is_done_at_the_next_start(queue, tmp_path):
    marker, done = tmp_path / "started", tmp_path / "done"
    queue.start()
    queue.enqueue("tests.ledsite.worker.work.first_time_hang", str(marker), str(done))
    wait_for(marker.exists, what="a busy worker")
    os.kill(queue.family()["worker"], signal.SIGKILL)
    assert queue.process.wait(5) == 1
    queue.start()
    wait_for(done.exists, seconds=5, what="the work of the killed worker")
    wait_for(lambda: queue.waiting() == 0, what="an empty queue")


def test_it_stops_within_seconds_also_when_busy(queue, tmp_path):
    marker = tmp_path / "started"
    family = queue.start()
    queue.enqueue("tests.ledsite.worker.work.first_time_hang", str(marker), str(tmp_path / "done"))
    wait_for(marker.exists, what="a busy worker")
    queue.process.send_signal(signal.SIGTERM)
    assert queue.process.wait(15) == 0
    assert_all_gone(family)
    assert queue.waiting() == 1


def test_an_idle_one_stops_cleanly(queue):
    family = queue.start()
    queue.process.send_signal(signal.SIGTERM)
    assert queue.process.wait(15) == 0
    assert_all_gone(family)
