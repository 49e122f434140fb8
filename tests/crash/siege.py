"""The real product, asked for one thing after another by somebody who does not care what is under way."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tests.fakes.hub import Hub
from tests.fakes.product import BASE_DIR, Product, wait_for
from tests.fakes.samples import copy_plugin

IDS = ("alpha", "beta", "gamma", "delta")
REQUESTS = ("install", "install", "update", "uninstall", "undo-uninstall", "rollback", "toggle", "config")
OPEN = ("queued", "running")


class Siege:
    """One product and one who asks; what was accepted is remembered."""

    def __init__(self, product: Product, repository: Path, hub: Hub, dice: random.Random) -> None:
        self.product, self.repository, self.hub, self.dice = product, repository, hub, dice
        self.accepted: set[int] = set()
        self.answers: Counter[int] = Counter()
        self.version = 1

    def ask(self) -> None:
        """Ask for one thing; what cannot be is refused, and an address of an operation must lead somewhere for ever."""
        kind, plugin_id = self.dice.choice(REQUESTS), self.dice.choice(IDS)
        if kind == "update":
            self.publish()
            self.product.request("POST", "plugins/store/refresh", json={"force": True})
        if kind == "config":
            answer = self.product.request("PATCH", f"plugins/{plugin_id}/config", json={"text": f"T{self.dice.randrange(99)}"})
        else:
            body = {"plugin_id": plugin_id} | ({"enabled": self.dice.random() < 0.5} if kind == "toggle" else {})
            answer = self.product.request("POST", f"plugins/{kind}", json=body)
        assert answer.status_code < 500, answer.text
        self.answers[answer.status_code] += 1
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
        assert "database is locked" not in self.product.log()
