"""One supervised process: how it is forked, and how often it failed.

Processes are forked from the prepared `up`, which has all of Django in memory: they share those pages (on a Pi more than
100 MB in all) and a crashed one is back within a fraction of a second. `up` has one thread, so forking is safe.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import setproctitle

from ledsite.process import die_with_parent, start_ticks

INHERITED_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


@dataclass(frozen=True)
class Spec:
    """What to run: `stage` 0 is stopped first, then 1; `descriptors` stay open in it; `title` is its name in `ps`.

    `is_silent` tells of its process id whether it is there and does nothing: such a one is killed and started again.
    """

    name: str
    run: Callable[[], object]
    title: str = ""
    stage: int = 0
    descriptors: tuple[int, ...] = ()
    is_silent: Callable[[int], bool] | None = None


@dataclass
class Child:
    """The process of one spec, or the wait for its next try."""

    spec: Spec
    state: str = "waiting"  # waiting, running, stopped, given-up
    pid: int | None = None
    restarts: int = 0
    failures: list[float] = field(default_factory=list)
    due: float = 0.0
    since: float = 0.0
    problem: str = ""
    suspected: int | None = None  # the process that was silent at the last look

    def start(self) -> int:
        """Fork the process; return the descriptor of its output."""
        read_end, write_end = os.pipe()
        parent = os.getpid()
        try:
            self.pid = os.fork()
        except OSError:
            os.close(read_end)
            os.close(write_end)
            raise
        if not self.pid:
            _live(self.spec, parent=parent, output=write_end)
        os.close(write_end)
        os.set_blocking(read_end, False)
        self.state, self.since = "running", time.time()
        return read_end

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process alone: it looks after its own children."""
        if self.pid:
            os.kill(self.pid, number)  # it has not been reaped, so the id is still its own

    def is_stuck(self) -> bool:
        """Look once more whether it is silent; True at the second look in a row, for time may have stood still for all of us."""
        is_silent = self.pid is not None and self.spec.is_silent is not None and self.spec.is_silent(self.pid)
        was_silent, self.suspected = self.pid is not None and self.suspected == self.pid, self.pid if is_silent else None
        return is_silent and was_silent

    def end_family(self) -> None:
        """Kill the process and what is left of its group; before it is reaped, so that the id is still its own."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self.send(signal.SIGKILL)

    def as_dict(self) -> dict[str, Any]:
        """Return what up.json says about it."""
        return {
            "state": self.state,
            "pid": self.pid,
            "started_ticks": start_ticks(self.pid) if self.pid else 0,
            "since": round(self.since, 3),
            "restarts": self.restarts,
            "problem": self.problem,
        }


def _live(spec: Spec, *, parent: int, output: int) -> NoReturn:
    """Run a spec in the forked process to its end; nothing of the supervisor's code runs on in it."""
    try:
        _detach(spec, parent=parent, output=output)
        spec.run()
    finally:
        os._exit(_farewell())


def _detach(spec: Spec, *, parent: int, output: int) -> None:
    """Leave the supervisor's session, signals and descriptors behind."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in INHERITED_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    die_with_parent(parent, by=signal.SIGTERM)
    setproctitle.setproctitle(spec.title or f"ledsite {spec.name}")
    _take_descriptors(output, kept=spec.descriptors)
    random.seed()


def _take_descriptors(output: int, *, kept: tuple[int, ...]) -> None:
    """Write to `output` and let go of everything else that the supervisor has open.

    What is let go becomes /dev/null instead of being closed: objects of the supervisor live on in this process and may close
    their number later, which must not be the number of something new by then.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in [int(name) for name in os.listdir("/proc/self/fd")]:  # noqa: PTH208 - numbers, not paths
        if descriptor > 2 and descriptor not in (null, output, *kept):
            with contextlib.suppress(OSError):  # the listing's own, closed by now
                os.dup2(null, descriptor, inheritable=False)
    for source, target in ((null, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(null)
    os.close(output)


def _farewell() -> int:
    """Say how the process ends, as the interpreter would have; return its exit code."""
    error = sys.exc_info()[1]
    code = 0
    if isinstance(error, SystemExit):
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        if isinstance(error.code, str):
            sys.stderr.write(f"{error.code}\n")
    elif error is not None:
        traceback.print_exception(error)
        code = 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return code
