"""Our guard over django-q2's worker, monitor and pusher: any of them dying ends the whole queue process, so that it starts afresh.

django-q2 alone goes on with what is left, but an idle worker that is killed dies holding the lock of the task queue, and
nothing is worked on ever after. The queue process is single-threaded; its signals are taken synchronously, in `wait`.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django_q.brokers import get_broker
from django_q.cluster import Sentinel
from django_q.conf import Conf
from django_q.status import Stat
from django_q.worker import worker

from ledsite.process import close_to_others, die_with_parent

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
WATCHED_SIGNALS = (*STOP_SIGNALS, signal.SIGCHLD)
BUSY_SECONDS = 1.5
FAREWELL_SECONDS = 1.0
TICK_SECONDS = 2.0


logger = logging.getLogger(__name__)


class ChildDied(Exception):
    """The worker, the monitor or the pusher ended although nobody asked."""


class FarewellTooLong(Exception):
    """django-q2's farewell waits without a limit for children that may never answer."""


def _enough(*_: object) -> None:
    raise FarewellTooLong


class StopFlag:
    """What django-q2 takes for its stop event: set by SIGTERM or SIGINT, and a death in the family ends the wait early."""

    def __init__(self) -> None:
        self._is_set = False

    def is_set(self) -> bool:
        """Tell whether the queue process was asked to stop."""
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Sleep until a signal or the limit."""
        received = signal.sigtimedwait(WATCHED_SIGNALS, seconds)
        if received is not None and received.si_signo in STOP_SIGNALS:
            self._is_set = True
        return self._is_set


class Guard(Sentinel):
    """The sentinel of one queue, run in the queue process itself."""

    def __init__(self, *, beat_file: Path, tick: Callable[[], None] | None = None) -> None:
        self._beat_file = beat_file
        self._tick = tick
        super().__init__(StopFlag(), multiprocessing.Event(), uuid.uuid4(), get_broker(), start=False)

    def start(self) -> None:
        """Serve the queue until asked to stop; raise ChildDied when a process of it ends by itself."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED_SIGNALS)
        super().start()

    def spawn_process(self, target: Callable[..., None], *args: Any) -> Any:
        """Start a worker, monitor or pusher that ends with us."""
        return super().spawn_process(_Tied(target, parent=os.getpid()), *args)

    def spawn_worker(self) -> None:
        """Start a worker and keep what django-q2 knows workers by."""
        timer = multiprocessing.Value("f", -1)
        process = self.spawn_process(worker, self.task_queue, self.result_queue, timer, self.timeout)
        process.timer = timer
        self.pool.append(process)

    def guard(self) -> None:
        """Look after the family once a second, and at once when one of it ends."""
        self.start_event.set()
        looked = ticked = time.monotonic()
        while not self.stop_event.is_set():
            now = time.monotonic()
            self._check_family(elapsed=now - looked)
            looked = now
            if self._tick and now - ticked >= TICK_SECONDS:
                ticked = now
                _run(self._tick)
            write_beat(self._beat_file, serving=True)
            Stat(self).save()
            self.stop_event.wait(Conf.GUARD_CYCLE)
        self.stop()

    def stop(self) -> None:
        """Let a busy worker come to its end for a moment, then leave: what it did not finish is taken up at the next start."""
        deadline = time.monotonic() + BUSY_SECONDS
        while any(process.is_alive() and process.timer.value > 0 for process in self.pool):
            if time.monotonic() > deadline:
                return
            time.sleep(0.02)
        signal.signal(signal.SIGALRM, _enough)
        signal.setitimer(signal.ITIMER_REAL, FAREWELL_SECONDS)
        try:
            super().stop()
        except FarewellTooLong:
            return  # nobody is busy, and the kernel ends the family with us
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _check_family(self, *, elapsed: float) -> None:
        for process, role in ((self.monitor, "the monitor"), (self.pusher, "the pusher")):
            if not process.is_alive():
                raise ChildDied(f"{role} (process {process.pid}) ended with {process.exitcode}")
        for process in list(self.pool):
            if process.timer.value == 0 or (process.timer.value == -2 and not process.is_alive()):
                self.reincarnate(process)  # out of time, or recycled: both by plan
            elif not process.is_alive():
                raise ChildDied(f"the worker (process {process.pid}) ended with {process.exitcode}")
            else:
                _count_down(process.timer, elapsed)


def _run(tick: Callable[[], None]) -> None:
    """Do the regular work; a busy or broken database is worth a line, and another try in two seconds."""
    try:
        tick()
    except DatabaseError:
        logger.warning("The regular work of the queue was put off.", exc_info=True)


def _count_down(timer: Any, elapsed: float) -> None:
    """Take from the time a task has left; never wait long for the lock, its holder may have been killed with it."""
    lock = timer.get_lock()
    if lock.acquire(timeout=0.1):
        try:
            if timer.value > 0:
                timer.value = max(0, timer.value - elapsed)
        finally:
            lock.release()


class _Tied:
    """A target that first ties its process to its parent and takes signals as usual again."""

    def __init__(self, target: Callable[..., None], *, parent: int) -> None:
        self._target = target
        self._parent = parent

    def __call__(self, *args: Any) -> None:
        die_with_parent(self._parent, by=signal.SIGKILL)
        close_to_others()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED_SIGNALS)
        self._target(*args)


def write_beat(path: Path, *, serving: bool) -> None:
    """Tell health that the queue process is alive, by a file in memory."""
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(json.dumps({"pid": os.getpid(), "beat": time.monotonic(), "serving": serving}))
    temporary.replace(path)
