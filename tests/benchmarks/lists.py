"""Measures the lists of a running product: `python -m tests.benchmarks.lists [--sizes 5,31,100] [--beside CHECKOUT]`.

Prints answers per second, p50 and p99 with so many installed plugins and as many on offer (all in one repository, 50 ms away, where
connections cost two more round trips) for one client and for eight, and the first answer of each list after a restart (the median of
three restarts). With `--beside` the web interface of a checkout of LEDMatrix, with the same plugins in its folder, is asked the same in
the same run; it keeps no connections and knows no 304.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.beside import add_options, other_program
from tests.benchmarks.beside_web import OriginalWeb
from tests.benchmarks.filled import Shop, fill
from tests.benchmarks.load import load
from tests.fakes.product import Product

RESTARTS = 3
LATENCY = 0.05
PATHS = ("plugins/installed", "plugins/store/list")
REQUESTS_BESIDE = 240


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    parser.add_argument("--sizes", default="5,31,100")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    program = other_program(options)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(dir="/dev/shm") as memory, contextlib.ExitStack() as stack:
        shop = Shop(Path(folder, "shop"), most=max(sizes))
        stack.callback(shop.hub.close)
        other = OriginalWeb(program, shop.hub) if program else None
        if other:
            stack.callback(other.close)
        product = Product(Path(folder), **shop.hub.environment(), LEDSITE_RUN_DIR=memory)
        stack.callback(product.stop)
        product.start()
        print(f"load before {os.getloadavg()[0]:.1f}")
        for size in sizes:
            fill(product, shop, size)
            shop.be_far(LATENCY)
            if other:
                other.have_plugins([shop.plugins / name for name in shop.names[:size]])
                other.warm_up()
            for path in PATHS:
                measure(product, other, path, size)
            for path in PATHS:
                print_firsts(product, other, path, size)
            shop.be_far(0)


def measure(product: Product, other: OriginalWeb | None, path: str, size: int) -> None:
    """Print the lines of one list."""
    first = product.request("GET", path)
    assert first.json()["count"] == size, first.text[:200]
    if other:
        assert other.count(path) == size
    load(product, path, requests=50)
    for clients, what in ((1, "1 client"), (8, "8 clients")):
        figures = str(load(product, path, clients=clients))
        beside = f"   beside: {load(other, path, clients=clients, requests=REQUESTS_BESIDE)}" if other else ""
        print(f"{size:4} plugins  {path:20} {what:10} {figures}{beside}", flush=True)
    print(f"{size:4} plugins  {path:20} {'304':10} {load(product, path, headers={'If-None-Match': first.headers['ETag']})}", flush=True)


def print_firsts(product: Product, other: OriginalWeb | None, path: str, size: int) -> None:
    """Print how long the first answer takes after a restart."""
    ours = median_ms(lambda: first_answer(product, path))
    theirs = f"   beside: {median_ms(lambda: first_answer_beside(other, path)):9.1f} ms" if other else ""
    print(f"{size:4} plugins  {path:20} first answer after a restart {ours:9.1f} ms{theirs}", flush=True)


def median_ms(measure_once: Callable[[], float]) -> float:
    """Return the median of some measurements of seconds, in milliseconds."""
    return 1000 * statistics.median(measure_once() for _ in range(RESTARTS))


def first_answer(product: Product, path: str) -> float:
    """Restart the product, leave it in peace for a moment, and return the seconds of the first request."""
    product.stop()
    product.start()
    time.sleep(5)
    return product.request("GET", path).elapsed.total_seconds()


def first_answer_beside(other: OriginalWeb, path: str) -> float:
    """Do the same with the other program."""
    other.restart()
    time.sleep(2)
    return other.seconds_of(path)


if __name__ == "__main__":
    main()
