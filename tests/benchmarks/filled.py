"""A product with so many plugins installed, out of a store that offers so many, all in one repository: for the other benchmarks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.benchmarks.processes import usage
from tests.fakes.hub import Hub
from tests.fakes.product import Product, wait_for
from tests.fakes.samples import copy_plugin, entry

BUNDLED = 3
QUIET_SHARE = 0.1
TEXT = "What it shows, in a sentence of the usual length. " * 2


class Shop:
    """The fake GitHub with made-up plugins that have everything: manifest, settings, code."""

    def __init__(self, folder: Path, *, most: int) -> None:
        self.names = [f"bench-{number}" for number in range(most)]
        for name in self.names:
            copy_plugin(folder, name)
        self.plugins = folder / "plugins"
        self.hub = Hub(plugins=self.plugins)
        self.offer(most)

    def offer(self, size: int) -> None:
        """List so many plugins."""
        rows = [entry(name, description=TEXT, latest_version="1.1.0") for name in self.names[:size]]
        self.hub.set_registry(registry_of(rows))

    def be_far(self, latency: float) -> None:
        """Let every answer take so long, and a connection two more round trips."""
        self.hub.latency, self.hub.connection_seconds = latency, 2 * latency


def registry_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a registry that lists these."""
    return {"version": "1.0.0", "last_updated": "2026-06-02", "plugins": rows}


def fill(product: Product, shop: Shop, size: int, *, offered: int | None = None) -> None:
    """Have so many plugins installed, switched off but for those of our own, and as many on offer unless another number is given."""
    offered = offered or size
    shop.offer(offered)
    wait_for(lambda: product.get("plugins/installed")["count"] >= BUNDLED, seconds=60, what="the bundled plugins")
    wait_until_idle(product)
    refreshed = product.operate("plugins/store/refresh", {"force": True})
    assert refreshed["status"] == "succeeded", refreshed
    installed = {row["id"] for row in product.get("plugins/installed")["results"]}
    for name in shop.names[: size - BUNDLED]:
        if name not in installed:
            answer = product.request("POST", "plugins/install", json={"plugin_id": name, "enable": False})
            assert answer.status_code == 202, answer.text[:500]
    wait_until_idle(product, seconds=60 + size * 5)
    found = product.get("plugins/installed")["count"], product.get("plugins/store/list")["count"]
    assert found == (size, offered), found
    settle(product)


def is_idle(product: Product) -> bool:
    """Tell whether no operation waits or is under way."""
    return not any(product.get(f"operations?status={status}&limit=1")["count"] for status in ("queued", "running"))


def wait_until_idle(product: Product, *, seconds: float = 120) -> None:
    """Wait until no operation waits or is under way."""
    wait_for(lambda: is_idle(product), seconds=seconds, what="the end of all operations")


def settle(product: Product) -> None:
    """Wait until nobody works any more: what an installation leaves to do is to draw pictures of the plugin."""
    assert product.process is not None
    pid, deadline = product.process.pid, time.monotonic() + 240
    while sum(each.share for each in usage(pid, seconds=5)) > QUIET_SHARE and time.monotonic() < deadline:
        pass
