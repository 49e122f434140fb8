"""Measures installs and removals through the API of a running product: `python -m tests.benchmarks.installs [--beside CHECKOUT]`.

The fake GitHub has 50 ms latency and connections that cost two more round trips. Prints median and longest seconds from the request
to the end of the operation (probe of the plugin included) and to its first picture on the panel, and the requests that an install
makes; with `--beside` what the store manager of a checkout of LEDMatrix takes for the same plugins in the same run (it does not
probe, and shows nothing before its display is told to).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.beside import Original, Program, add_options, other_program
from tests.fakes.hub import Hub
from tests.fakes.product import Product, wait_for
from tests.fakes.samples import sample_registry

LATENCY = 0.05
NAMES = tuple(f"sample-{number}" for number in range(8))


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    beside = other_program(parser.parse_args())
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        registry, plugins = sample_registry(Path(name) / "shop", ids=NAMES)
        hub = Hub(registry=registry, plugins=plugins)
        hub.latency, hub.connection_seconds, hub.redirect_archives = LATENCY, 2 * LATENCY, True
        product = Product(Path(name), **hub.environment(), LEDSITE_RUN_DIR=memory)
        try:
            product.start()
            wait_for(lambda: product.get("plugins/store/list")["results"], seconds=60, what="a filled store")
            wait_for(lambda: not product.get("operations?status=running")["results"], seconds=60, what="quiet")
            print(f"load before {os.getloadavg()[0]:.1f}")
            ours(product, hub)
            if beside:
                theirs(beside, hub)
        finally:
            product.stop()
            hub.close()


def ours(product: Product, hub: Hub) -> None:
    """Print what the product takes."""
    installs, firsts, removals, requests = [], [], [], []
    for name in NAMES:
        hub.forget_counts()
        begun = time.monotonic()
        installs.append(timed(lambda name=name: product.operate("plugins/install", {"plugin_id": name})))
        requests.append(hub.total("/example") + hub.total("/codeload") + hub.total("/raw") + hub.total("/api"))
        wait_for(lambda name=name: product.shows(name), seconds=30, what=f"{name} on the panel")
        firsts.append(time.monotonic() - begun)
    removals += [timed(lambda name=name: product.operate("plugins/uninstall", {"plugin_id": name})) for name in NAMES]
    print_row("install, request to done", installs, requests)
    print_row("install, request to first picture", firsts)
    print_row("uninstall, request to done", removals)


def theirs(program: Program, hub: Hub) -> None:
    """Print what the other program takes."""
    other = Original(program, hub)
    other.do("renew")
    other.do("browse")
    done = [other.do("install", name) for name in NAMES]
    assert all(each.found == (1,) for each in done), "it could not install"
    print_row("beside: install", [each.seconds for each in done], [each.requests for each in done])
    print_row("beside: uninstall", [other.do("uninstall", name).seconds for name in NAMES])
    other.close()


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


def print_row(what: str, seconds: list[float], requests: list[int] | None = None) -> None:
    """Print median and longest, and the requests."""
    made = f"  requests {statistics.median(requests):.0f}, at most {max(requests)}" if requests else ""
    print(f"{what:36} median {statistics.median(seconds):6.2f} s  longest {max(seconds):6.2f} s{made}", flush=True)


if __name__ == "__main__":
    main()
