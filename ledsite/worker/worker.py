"""The process that does one task: django-q2's worker, forked for this task, and gone after it.

A fresh fork shares nearly all its memory with the queue process, and there is no idle worker that could be killed holding a lock.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import uuid
from contextlib import nullcontext, suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

from django_q.conf import Conf
from django_q.worker import worker

from ledsite.process import close_to_others, die_with_parent

LATE_SECONDS = 3.0  # after the time limit, at which django-q2's alarm should have ended the task
EXIT_SECONDS = 5.0
NO_TASK = "STOP"

_fork = multiprocessing.get_context("fork")


class Worker:
    """One task and the process that does it."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.task = task
        self.answers, results = _fork.Pipe(duplex=False)
        self.done: dict[str, Any] | None = None
        self.is_heard = False
        self.was_killed = False
        self._deadline = time.monotonic() + task.get("timeout", Conf.TIMEOUT) + LATE_SECONDS
        self._process = _fork.Process(target=_work, args=(task, results), kwargs={"parent": os.getpid()}, name=f"Worker-{uuid.uuid4().hex}")
        self._process.start()
        results.close()

    @property
    def pid(self) -> int | None:
        """Return the id of the process."""
        return self._process.pid

    @property
    def exitcode(self) -> int | None:
        """Return how the process ended, None while it has not."""
        return self._process.exitcode

    def listen(self, *, is_last: bool) -> bool:
        """Take the task with its result into `done` when it has come; return whether there is nothing more to wait for."""
        if self.answers.poll():
            with suppress(EOFError, OSError):  # it ended without one, or in the middle of it
                self.done = self.answers.recv()
                self._deadline = time.monotonic() + EXIT_SECONDS
            self.is_heard = True
        self.is_heard = self.is_heard or is_last
        return self.is_heard

    def keep_to_time(self, now: float) -> None:
        """Kill the process when its task takes longer than django-q2 should have let it, or when it does not leave after it."""
        if now > self._deadline and self.exitcode is None:
            self.was_killed = True
            self._process.kill()

    def close(self) -> None:
        """Let go of a process that has ended."""
        self.answers.close()
        self._process.close()


class _Results:
    """What django-q2 takes for its result queue."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, task: dict[str, Any]) -> None:
        """Hand the task with its result to the queue process."""
        self._connection.send(task)


def _work(task: dict[str, Any], results: Connection, *, parent: int) -> None:
    """Do the task in the forked process, which ends with its parent and takes signals as usual again."""
    die_with_parent(parent, by=signal.SIGKILL)
    close_to_others()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    tasks: SimpleQueue[dict[str, Any] | str] = SimpleQueue()
    tasks.put(task)
    tasks.put(NO_TASK)
    timer = SimpleNamespace(value=-1.0, get_lock=nullcontext)
    worker(tasks, _Results(results), timer, Conf.TIMEOUT)
