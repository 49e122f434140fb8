"""`kill -9` at any moment, of any process that works, in the real product under real requests; the total goes on from run to run.

CRASH_KILLS=300 says how many; with CRASH_KILLS_FILE the landed ones are added up there, also those of a run that was cut short.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.crash.siege import OPEN, Siege
from tests.crash.test_every_step import FULL

pytestmark = [pytest.mark.process, pytest.mark.timeout(4 * 3600)]

KILLS = int(os.environ.get("CRASH_KILLS", "300" if FULL else "5"))
TOTAL = os.environ.get("CRASH_KILLS_FILE", "")
BEFORE_UP = 4  # the supervisor gives a process up that ends five times in a minute; then the supervisor's own turn has come


class Killer(Siege):
    """Asks, and kills those who are to do it."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.landed: Counter[str] = Counter()
        self.under_work = 0

    def kill_a_worker(self) -> None:
        """Kill a queue process or one of its children, some moments after a request."""
        for _ in range(self.dice.randint(1, 3)):
            self.ask()
        time.sleep(self.dice.random() * 0.5)  # not waiting for anything: the moment is the point
        name = self.dice.choice(("main", "slow", "slow"))
        queue = self.product.pids().get(name)
        if queue is not None:
            self._kill(name, self.dice.choice([queue, *_children(queue)]))

    def kill_up(self) -> None:
        """Kill the supervisor, and start again."""
        self.ask()
        process = self.product.process
        assert process is not None
        self._kill("up", process.pid)
        process.wait(10)
        self.product.start()

    def _kill(self, name: str, pid: int) -> None:
        busy = any(operation["status"] in OPEN for operation in self.operations())
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.landed[name] += 1
            _add_up(1)
            self.under_work += busy


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def test_random_kills_of_the_real_stack(siege: Siege) -> None:
    seed = random.randrange(2**32) if FULL else 1
    killer = Killer(siege.product, siege.repository, siege.hub, random.Random(seed))
    try:
        while killer.landed.total() < KILLS:
            for _ in range(min(BEFORE_UP, KILLS - killer.landed.total() - 1)):
                killer.kill_a_worker()
            killer.kill_up()
            killer.check()
    finally:
        landed = killer.landed.total()
        words = f"seed {seed}: {dict(killer.landed)}, {landed} landed, {killer.under_work} of them under work"
        print(f"random kills, {words}, {len(killer.accepted)} operations; total {_add_up(0) or landed}, 0 inconsistent so far")


def _add_up(landed: int) -> int:
    """Add to the total that is kept, and return it; 0 when none is."""
    if not TOTAL:
        return 0
    path = Path(TOTAL)
    total = landed + (int(path.read_text()) if path.exists() else 0)
    path.write_text(str(total))
    return total
