"""Measures the whole product: `python -m tests.benchmarks.product [--low-memory] [--sizes 1,5,10,20] [--seconds 20]`.

Prints the seconds until `health` is well on an empty folder and on a prepared one, and until everything has stopped; with so many
plugins the memory of all processes (PSS: shared pages divided among those who share them) and their share of one core while the
panel shows a still picture; what each process takes with the most plugins; and with five plugins the share of a core for a still
picture, a clock and a 60 fps scroll at 128x32, without and with viewers of the live preview. The run folder lies in memory, as
anywhere.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.processes import Usage, usage
from tests.fakes.hub import Hub
from tests.fakes.product import Product, wait_for
from tests.fakes.samples import sample_registry

SETTLE_SECONDS = 20  # what an install leaves to do: pictures of the plugin are drawn
BUNDLED = ("ledsite-system", "ledsite-clock", "ledsite-message")
STILL, CLOCK, SCROLL = BUNDLED
SAMPLES = tuple(f"sample-{number}" for number in range(40))
SCROLLING = {"text": "a text that is much too long for a panel of this width and scrolls " * 4, "speed": 60}


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--low-memory", action="store_true")
    parser.add_argument("--sizes", default="1,5,10,20")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    profile = {"LEDSITE_LOW_MEMORY": "yes" if options.low_memory else "no"}
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        folder = Path(name)
        registry, plugins = sample_registry(folder / "shop", ids=SAMPLES[: max(sizes)])
        hub = Hub(registry=registry, plugins=plugins)
        product = Product(folder, **hub.environment(), **profile, LEDSITE_RUN_DIR=memory)
        try:
            print(f"load before {os.getloadavg()[0]:.1f}, {'low memory' if options.low_memory else 'as it is'}")
            print(f"first start until healthy     {timed(product.start):6.1f} s")
            wait_for(lambda: len(host_names(product)) == len(BUNDLED), seconds=90, what="the hosts of the bundled plugins")
            product.stop()
            print(f"second start until healthy    {timed(product.start):6.1f} s")
            wait_for(lambda: product.get("plugins/store/list")["results"], seconds=60, what="a filled store")
            for size in sizes:
                have_plugins(product, size)
                found = at_rest(product, options.seconds)
                print_sum(f"{size} plugins, still picture", found)
                if size == 5:
                    pictures(product, options.seconds)
            for each in found:
                print(f"    {each.pss_mb:6.1f} MB, own {each.own_mb:5.1f} {each.share:7.2%}  {each.title}")
            print(f"stop                          {timed(product.stop):6.1f} s")
        finally:
            product.stop()
            hub.close()


def have_plugins(product: Product, size: int) -> None:
    """Install, switch on and switch off until so many plugins run."""
    installed = {row["id"] for row in product.get("plugins/installed")["results"]}
    for number, name in enumerate((*BUNDLED, *SAMPLES)):
        if number < size and name not in installed:
            product.operate("plugins/install", {"plugin_id": name}, seconds=120)
        elif name in installed:
            product.request("POST", "plugins/toggle", json={"plugin_id": name, "enabled": number < size})
    wait_for(lambda: len(host_names(product)) == size, seconds=120, what=f"{size} hosts")


def host_names(product: Product) -> list[str]:
    """Return the processes of plugins."""
    return [name for name in product.pids() if name.startswith("host ")]


def at_rest(product: Product, seconds: float) -> list[Usage]:
    """Let the panel show a still picture and watch."""
    show(product, STILL)
    time.sleep(SETTLE_SECONDS)
    return watch(product, seconds)


def pictures(product: Product, seconds: float) -> None:
    """Print what moving pictures and their viewers cost."""
    product.request("PATCH", f"plugins/{SCROLL}/config", json=SCROLLING)
    show(product, CLOCK)
    print_sum("5 plugins, a clock", watch(product, seconds))
    for viewers in (0, 1, 5):
        show(product, SCROLL)
        with live_viewers(product, viewers):
            print_sum(f"5 plugins, 60 fps scroll, {viewers} viewers", watch(product, seconds))
    for viewers in (1, 5):
        show(product, STILL)
        with live_viewers(product, viewers):
            print_sum(f"5 plugins, still picture, {viewers} viewers", watch(product, seconds))


def show(product: Product, plugin_id: str) -> None:
    """Have a plugin stay on the panel."""
    product.request("POST", "display/on-demand", json={"plugin_id": plugin_id, "pinned": True})
    wait_for(lambda: product.shows(plugin_id), seconds=30, what=f"{plugin_id} on the panel")
    time.sleep(3)


@contextlib.contextmanager
def live_viewers(product: Product, count: int) -> Iterator[None]:
    """Look at the live preview as so many browsers would, and throw away what comes."""
    stop = threading.Event()
    threads = [threading.Thread(target=_view, args=(product, stop)) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _view(product: Product, stop: threading.Event) -> None:
    parts = urlsplit(product.url)
    head = f"Host: {parts.netloc}\r\nAuthorization: Token {product.token}\r\nAccept: text/event-stream\r\nConnection: close\r\n"
    while not stop.is_set():  # a stream ends after a while, and a browser comes again
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection, contextlib.suppress(TimeoutError):
            connection.sendall(f"GET /api/v3/display/stream HTTP/1.1\r\n{head}\r\n".encode())
            while connection.recv(1 << 16) and not stop.is_set():
                pass


def watch(product: Product, seconds: float) -> list[Usage]:
    """Return what every process of the product takes now."""
    assert product.process is not None
    return usage(product.process.pid, seconds=seconds)


def print_sum(what: str, found: list[Usage]) -> None:
    """Print one line: memory and share of a core of all processes, and the shares that say where it goes."""
    web = sum(each.share for each in found if "gunicorn" in each.title)
    panel = sum(each.share for each in found if "director" in each.title or "driver" in each.title)
    total = sum(each.share for each in found)
    print(
        f"{what:42} {sum(each.pss_mb for each in found):5.0f} MB  {total:6.2%} of a core"
        f"  (web {web:.2%}, director and driver {panel:.2%}; {len(found)} processes, load {os.getloadavg()[0]:.1f})",
        flush=True,
    )


def timed(action: Callable[[], None]) -> float:
    """Return the seconds that something takes."""
    start = time.monotonic()
    action()
    return time.monotonic() - start


if __name__ == "__main__":
    main()
