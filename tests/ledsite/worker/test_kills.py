"""`manage.py qcluster` and its worker killed in turn: the queue process leaves, nothing is orphaned, no work is lost."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledsite.process import start_ticks
from ledsite.worker.deaths import MOST
from tests.fakes.product import BASE_DIR, wait_for

pytestmark = pytest.mark.process

ENQUEUE = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "ledsite.settings"
django.setup()
from django_q.tasks import async_task
async_task(sys.argv[2], *sys.argv[3:], cluster=sys.argv[1])
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

    def run(self, *arguments: str) -> None:
        """Run Python and insist on success."""
        subprocess.run([sys.executable, *arguments], cwd=BASE_DIR, env=self.environment, check=True, capture_output=True, timeout=100)

    def enqueue(self, function: str, *arguments: str, queue: str = "slow") -> None:
        """Put a task into a queue."""
        self.run("-c", ENQUEUE, queue, function, *arguments)

    def empty(self) -> None:
        """Take everything out of the queues: the bundled plugins are no matter here."""
        with closing(sqlite3.connect(self.folder / "var" / "ledsite.sqlite3")) as database, database:
            database.execute("DELETE FROM django_q_ormq")

    def waiting(self) -> int:
        """Count the tasks that are not done."""
        with closing(sqlite3.connect(self.folder / "var" / "ledsite.sqlite3")) as database:
            return int(database.execute("SELECT count(*) FROM django_q_ormq").fetchone()[0])

    def start(self, name: str = "slow", **environment: str) -> None:
        """Start the queue process and wait until it serves."""
        beat_file = self.folder / "run" / f"worker-{name}.json"
        beat_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster", "-n", name],
            cwd=BASE_DIR,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
        )
        wait_for(lambda: beat_file.exists() and json.loads(beat_file.read_text())["serving"], what="a serving queue")

    def worker(self) -> int:
        """Return the id of the worker that does a task."""
        assert self.process is not None
        (pid,) = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(pid)

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
    folder.empty()
    yield folder
    folder.stop()


@pytest.fixture
def busy(queue, tmp_path):
    """The queue process with a worker that hangs in its task."""
    queue.start()
    queue.enqueue("tests.ledsite.worker.work.first_time_hang", str(tmp_path / "started"), str(tmp_path / "done"))
    wait_for((tmp_path / "started").exists, what="a busy worker")
    return queue


def assert_gone(*pids: int) -> None:
    """Wait until none of the processes is left."""
    wait_for(lambda: not any(start_ticks(pid) for pid in pids), seconds=5, what=f"end of {pids}")


def test_a_task_whose_worker_was_killed_is_done_at_the_next_start(busy, tmp_path):
    worker = busy.worker()
    os.kill(worker, signal.SIGKILL)
    assert busy.process.wait(5) == 1
    assert_gone(worker)
    busy.start()
    wait_for((tmp_path / "done").exists, seconds=5, what="the work of the killed worker")
    wait_for(lambda: busy.waiting() == 0, what="an empty queue")


def test_nothing_goes_on_without_the_queue_process(busy, tmp_path):
    worker = busy.worker()
    os.kill(busy.process.pid, signal.SIGKILL)
    busy.process.wait(5)
    assert_gone(worker)
    busy.start()
    wait_for((tmp_path / "done").exists, seconds=5, what="the work of the killed queue process")


def test_it_stops_within_seconds_also_when_busy(busy):
    waiting, worker = busy.waiting(), busy.worker()
    busy.process.send_signal(signal.SIGTERM)
    assert busy.process.wait(15) == 0
    assert_gone(worker)
    assert busy.waiting() == waiting == 1


def test_an_idle_one_stops_cleanly_and_has_no_other_process(queue):
    queue.start()
    children = Path(f"/proc/{queue.process.pid}/task/{queue.process.pid}/children")
    wait_for(lambda: not children.read_text(), what="an idle queue")  # its first look at what is due may have found something
    queue.process.send_signal(signal.SIGTERM)
    assert queue.process.wait(15) == 0


def test_a_failed_task_is_done_with_and_the_next_one_follows(queue, tmp_path):
    queue.enqueue("tests.ledsite.worker.work.fail")
    queue.enqueue("tests.ledsite.worker.work.touch", str(tmp_path / "next"))
    queue.start()
    wait_for((tmp_path / "next").exists, what="the task after the failed one")
    wait_for(lambda: queue.waiting() == 0, what="an empty queue")


def test_a_task_that_kills_every_worker_does_not_keep_the_others_waiting(queue, tmp_path):
    queue.enqueue("tests.ledsite.worker.work.die")
    queue.enqueue("tests.ledsite.worker.work.touch", str(tmp_path / "next"))
    for _ in range(MOST):
        queue.start()
        assert queue.process.wait(10) == 1
    queue.start()
    wait_for((tmp_path / "next").exists, what="the task after the one that kills")
    wait_for(lambda: queue.waiting() == 0, what="an empty queue")


def test_with_little_memory_one_process_serves_both_queues(queue, tmp_path):
    queue.start("main", LEDSITE_LOW_MEMORY="yes")
    for name in ("slow", "main"):
        queue.enqueue("tests.ledsite.worker.work.touch", str(tmp_path / name), queue=name)
        wait_for((tmp_path / name).exists, what=f"the task in {name}")
    wait_for(lambda: queue.waiting() == 0, what="an empty queue")
