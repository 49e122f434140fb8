"""The queue process: takes a task when it is told of one, forks a worker for it, and keeps what comes of it.

It sleeps until a wake-up, a signal or an answer; every two seconds it looks in any case. It is django-q2's pusher, monitor and
sentinel in one process with one thread, because those are eight processes that poll, and go on in twos when one is killed.
A worker that dies with its task ends the queue process, which then starts afresh and takes the task up again.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections
from django_q.brokers import Broker, get_broker

from ledsite.worker.deaths import MOST as MOST_DEATHS
from ledsite.worker.deaths import count_death
from ledsite.worker.delivery import settle, take_task
from ledsite.worker.worker import Worker
from plugins_app.wakeup import drain, queue_socket, wakeup_socket

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
BUSY_SECONDS = 1.5
LOOK_SECONDS = 2.0

logger = logging.getLogger(__name__)


class WorkerDied(Exception):
    """A worker ended before its task did, although nobody asked."""


class Guard:
    """Serves queues in their order, one task at a time."""

    def __init__(self, queues: Sequence[str], *, run_dir: Path, beat_file: Path, tick: Callable[[], None] | None = None) -> None:
        self._brokers: dict[str, Broker] = {queue: get_broker(queue) for queue in queues}
        self._run_dir = run_dir
        self._beat_file = beat_file
        self._tick = tick
        self._selector = selectors.DefaultSelector()
        self._worker: Worker | None = None
        self._look_at = 0.0
        self._stops_at = float("inf")

    def run(self) -> None:
        """Serve until asked to stop; raise WorkerDied when a worker is killed at its task."""
        with contextlib.ExitStack() as stack:
            stack.callback(self._selector.close)
            self._register(stack.enter_context(_signals()), self._take_signals)
            for queue in self._brokers:
                self._register(stack.enter_context(wakeup_socket(self._run_dir, queue_socket(queue))), drain)
            while not self._is_over():
                self._turn()

    def _turn(self) -> None:
        if time.monotonic() >= self._look_at:
            self._look()
        if self._worker is None:
            self._begin()
        for key, _ in self._selector.select(self._patience()):
            key.data(key.fileobj)
        if self._worker is not None:
            self._follow(self._worker)

    def _register(self, listener: socket.socket, action: Callable[[socket.socket], None]) -> None:
        self._selector.register(listener, selectors.EVENT_READ, action)

    def _take_signals(self, listener: socket.socket) -> None:
        if any(number in STOP_SIGNALS for number in listener.recv(4096)):
            self._stops_at = min(self._stops_at, time.monotonic() + BUSY_SECONDS)

    def _is_over(self) -> bool:
        """Tell whether to leave: when asked to, and a task that runs has had a moment to come to its end."""
        return self._stops_at != float("inf") and (self._worker is None or time.monotonic() >= self._stops_at)

    def _patience(self) -> float:
        return max(0.0, min(self._look_at, self._stops_at) - time.monotonic())

    def _look(self) -> None:
        """Do what is done every two seconds: beat, queue what is due, and see whether the worker keeps to its time."""
        self._look_at = time.monotonic() + LOOK_SECONDS
        write_beat(self._beat_file, serving=True)
        if self._worker is not None:
            self._worker.keep_to_time(time.monotonic())
        if self._tick is not None:
            with _put_off("The regular work of the queue"):
                self._tick()

    def _begin(self) -> None:
        """Fork a worker for the next task, if there is one; nothing may be open in the database then."""
        task = None
        with _put_off("The next task"):
            for broker in self._brokers.values():
                task = task or take_task(broker)
        if task is None:
            return
        connections.close_all()
        self._worker = Worker(task)
        self._selector.register(self._worker.answers, selectors.EVENT_READ, lambda _: None)

    def _follow(self, worker: Worker) -> None:
        has_ended = worker.exitcode is not None  # looked at first: what it had to say was said before
        if not worker.is_heard and worker.listen(is_last=has_ended):
            self._selector.unregister(worker.answers)
            if worker.done is not None:
                settle(worker.done, self._brokers[worker.done["cluster"]])
        if not has_ended:
            return
        self._worker = None
        if worker.was_killed:
            logger.error("The worker (process %s) took too long and was killed", worker.pid)
        elif worker.done is None:
            self._note_death(worker.task)
            raise WorkerDied(f"the worker (process {worker.pid}) ended with {worker.exitcode}")
        worker.close()

    def _note_death(self, task: dict[str, Any]) -> None:
        """Throw a task away that has killed its worker too often: it would keep all others waiting."""
        if count_death(self._beat_file.with_suffix(".deaths"), task["id"]) < MOST_DEATHS:
            return
        logger.error("%s was the death of its worker %d times in a row and is thrown away", task["name"], MOST_DEATHS)
        with _put_off("Throwing it away"):
            self._brokers[task["cluster"]].fail(task["ack_id"])


@contextlib.contextmanager
def _signals() -> Iterator[socket.socket]:
    """Give the numbers of signals as bytes to read, the end of a child included."""
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for number in (*STOP_SIGNALS, signal.SIGCHLD):
        signal.signal(number, _do_nothing)
    with reader, writer:
        yield reader
        signal.set_wakeup_fd(-1)


def _do_nothing(number: int, frame: object) -> None:
    """Let the wake-up descriptor tell; a handler must exist for it to be written."""


@contextlib.contextmanager
def _put_off(what: str) -> Iterator[None]:
    """A busy or broken database is worth a line, and another try at the next look."""
    try:
        yield
    except DatabaseError:
        logger.warning("%s was put off.", what, exc_info=True)


def write_beat(path: Path, *, serving: bool) -> None:
    """Tell health that the queue process is alive, by a file in memory."""
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(json.dumps({"pid": os.getpid(), "beat": time.monotonic(), "serving": serving}))
    temporary.replace(path)
