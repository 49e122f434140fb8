"""Starts the one director of a run folder, and ends it cleanly on a signal."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from display_app.director.config import DirectorConfig
from display_app.director.director import Director
from display_app.hosting import kernel
from plugins_app.exceptions import Conflict
from plugins_app.wakeup import wakeup_socket

LOCK_NAME = "director.lock"
TAKE_OVER_SECONDS = 3.0

logger = logging.getLogger(__name__)


def run_panel(config: DirectorConfig) -> None:
    """Run the panel until SIGTERM or SIGINT. Raise Conflict `panel-running` when another process runs it."""
    _prepare(config)
    with _only_one(config.run_dir / LOCK_NAME), wakeup_socket(config.run_dir) as wakeups:
        _harden()
        director = Director(config, wakeups)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: director.stop())
        gc.collect()
        gc.freeze()
        director.run()


def _prepare(config: DirectorConfig) -> None:
    config.run_dir.mkdir(parents=True, exist_ok=True, mode=0o750)
    (config.run_dir / "hosts").mkdir(exist_ok=True, mode=0o750)
    config.paths.ensure()
    config.paths.assets.mkdir(parents=True, exist_ok=True)


def _harden() -> None:
    """Keep plugins out of our memory, get the strays of a zygote that died, and be first in line for the processor."""
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    sys.setswitchinterval(0.001)
    with contextlib.suppress(OSError):  # only with the right to
        os.setpriority(os.PRIO_PROCESS, 0, -5)


@contextlib.contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold the lock of the run folder (POSIX, so that children do not inherit it); wait a moment for one that is just ending."""
    with path.open("a+") as file:
        deadline = time.monotonic() + TAKE_OVER_SECONDS
        while True:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() >= deadline:
                    hint = "Stop it first, or give this one another LEDSITE_RUN_DIR."
                    raise Conflict("The panel is already run by another process.", code="panel-running", hint=hint) from error
            time.sleep(0.05)
        yield
