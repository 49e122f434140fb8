"""`kill -9` at any moment, of any process that works, in the real product under real requests; the total goes on from run to run.

CRASH_KILLS=300 says how many; with CRASH_KILLS_FILE the landed ones are added up there.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.crash.test_every_step import FULL
from tests.fakes.hub import Hub
from tests.fakes.product import BASE_DIR, Product, wait_for
from tests.fakes.samples import copy_plugin, sample_registry

pytestmark = [pytest.mark.process, pytest.mark.timeout(4 * 3600)]

KILLS = int(os.environ.get("CRASH_KILLS", "300" if FULL else "5"))
TOTAL = os.environ.get("CRASH_KILLS_FILE", "")
BEFORE_UP = 4  # the supervisor gives a process up that ends five times in a minute; then the supervisor's own turn has come
IDS = ("alpha", "beta", "gamma", "delta")
REQUESTS = ("install", "install", "update", "uninstall", "undo-uninstall", "rollback", "toggle", "config")
OPEN = ("queued", "running")


class Siege:
    """One product that is asked for things and killed while it does them."""

    def __init__(self, product: Product, repository: Path, hub: Hub, dice: random.Random) -> None:
        self.product, self.repository, self.hub, self.dice = product, repository, hub, dice
        self.accepted: set[int] = set()
        self.landed: Counter[str] = Counter()
        self.under_work = 0
        self.version = 1

    def ask(self) -> None:
        """Ask for one thing; what cannot be is refused, and an address of an operation must lead somewhere for ever."""
        kind, plugin_id = self.dice.choice(REQUESTS), self.dice.choice(IDS)
        if kind == "update":
            self.publish()
            self.product.request("POST", "plugins/store/refresh", json={"force": True})
        if kind == "config":
            self.product.request("PATCH", f"plugins/{plugin_id}/config", json={"text": f"T{self.dice.randrange(99)}"})
            return
        body = {"plugin_id": plugin_id} | ({"enabled": self.dice.random() < 0.5} if kind == "toggle" else {})
        answer = self.product.request("POST", f"plugins/{kind}", json=body)
        assert answer.status_code < 500, answer.text
        if answer.status_code == 202:
            self.accepted.add(answer.json()["id"])

    def publish(self) -> None:
        """Offer a newer version of everything."""
        self.version += 1
        for plugin_id in IDS:
            copy_plugin(self.repository, plugin_id, version=f"{self.version}.0.0")
        registry = json.loads(self.hub.registry)
        for entry in registry["plugins"]:
            entry["latest_version"] = f"{self.version}.0.0"
        self.hub.set_registry(registry)
        self.hub.add_repository("example/plugins", {f"plugins/{path.name}": path for path in (self.repository / "plugins").iterdir()})

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
            self.under_work += busy

    def operations(self) -> list[dict[str, Any]]:
        """Return all operations."""
        return list(self.product.get("operations?limit=1000")["results"])

    def check(self) -> None:
        """Wait until all work has ended, then look at rows and files."""

        def is_quiet() -> bool:
            with contextlib.suppress(OSError):
                return not any(operation["status"] in OPEN for operation in self.operations())
            return False

        wait_for(is_quiet, seconds=150, what=f"an end of all work: {[o for o in self.operations() if o['status'] in OPEN]}")
        command = [sys.executable, "-m", "tests.crash.check"]
        done = subprocess.run(command, cwd=BASE_DIR, env=self.product.environment, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == []
        assert self.accepted <= {operation["id"] for operation in self.operations()}


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def test_random_kills_of_the_real_stack(tmp_path: Path) -> None:
    registry, folder = sample_registry(tmp_path / "shop")
    hub = Hub(registry=registry, plugins=folder)
    product = Product(tmp_path / "product", **hub.environment())
    (tmp_path / "product").mkdir()
    seed = random.randrange(2**32) if FULL else 1
    siege = Siege(product, tmp_path / "shop", hub, random.Random(seed))
    try:
        product.start()
        wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
        while siege.landed.total() < KILLS:
            for _ in range(min(BEFORE_UP, KILLS - siege.landed.total() - 1)):
                siege.kill_a_worker()
            siege.kill_up()
            siege.check()
    finally:
        process = product.process
        try:
            product.stop()
        finally:
            if process is not None and process.poll() is None:
                process.kill()
                process.wait(10)
            hub.close()
            words = f"seed {seed}: {dict(siege.landed)}, {siege.landed.total()} landed, {siege.under_work} of them under work"
            print(f"random kills, {words}, {len(siege.accepted)} operations; total {_add_up(siege.landed.total())}")


def _add_up(landed: int) -> int:
    if not TOTAL:
        return landed
    path = Path(TOTAL)
    total = landed + (int(path.read_text()) if path.exists() else 0)
    path.write_text(str(total))
    return total
