"""Measures every page while GitHub misbehaves: `python -m tests.benchmarks.pages [--calls 20] [--plugins 31] [--beside CHECKOUT]`.

The product has so many installed plugins and a store of 57, 100 ms away. A person goes from page to page, all that the menu leads to,
round after round, while another presses what asks the registry, GitHub and a plugin's repository anew, so that in every state workers
are waiting for them. For each state and part of the site: how many pages, p50 and p99 of all calls in ms, the page with the slowest p50
and that of the longest call; then the processor time of the web process per call, which other work on the machine does not lengthen, and
how many requests reached the fake. `quiet` is the same without anybody pressing, before and after all states: what these two differ by
is the machine's.
With `--beside` one call each of the lists of a checkout of LEDMatrix follows, with as many plugins and all it knows grown old, while
GitHub hangs and while it refuses; more than 130 s are not waited for. The whole run takes about ten minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

from tests.benchmarks.beside import Program, add_options, other_program
from tests.benchmarks.beside_web import OriginalWeb
from tests.benchmarks.filled import Shop, fill, wait_until_idle
from tests.benchmarks.processes import family, ticks, title
from tests.benchmarks.trouble import HANGS, REFUSES, STATES, Presser, State, heal
from tests.benchmarks.visits import Person
from tests.fakes.product import Product
from tests.fakes.walk import walk

OFFERED = 57
LATENCY = 0.1
TOKEN = "ghp_" + "a" * 36  # with it an hour's calls suffice for all that is pressed
SEARCHES = {
    "/admin/store/ searched": "/admin/store/?query=bench+4&category=demo&sort=name",
    "/admin/store/list searched": "/admin/store/list?query=bench&tag=text&installed=no",
}
ROWS = ("auth", "display_app", "plugins_app", "password_change", "tokens", "search", "jsi18n")
OLD_SECONDS = 2 * 3600
Times = dict[str, list[float]]


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--plugins", type=int, default=31)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(dir="/dev/shm") as memory, contextlib.ExitStack() as stack:
        shop = Shop(Path(folder, "shop"), most=OFFERED)
        stack.callback(shop.hub.close)
        product = Product(Path(folder), **shop.hub.environment(), LEDSITE_RUN_DIR=memory, LEDSITE_GITHUB_TOKEN=TOKEN)
        stack.callback(product.stop)
        product.start()
        fill(product, shop, options.plugins, offered=OFFERED)
        shop.be_far(LATENCY)
        print(f"load before {os.getloadavg()[0]:.1f}")
        ours(product, shop, options.calls)
        if program := other_program(options):
            product.stop()
            beside(program, shop, options.plugins)


def ours(product: Product, shop: Shop, calls: int) -> None:
    """Print the lines of every state."""
    person = Person(product.url)
    installed = [row["id"] for row in product.get("plugins/installed")["results"]]
    pages = walk(person.open, plugins=dict.fromkeys(shop.names, "<offered>") | dict.fromkeys(installed, "<installed>")) | SEARCHES
    print(f"{len(pages)} pages, {calls} calls each")
    for state in (State("quiet", lambda shop: None), *STATES, State("quiet again", lambda shop: None)):
        shop.hub.forget_counts()
        state.begin(shop)
        before = web_seconds(product)
        with Presser(product, plugin=shop.names[-1]) if state in STATES else contextlib.nullcontext():
            times = visit(person, pages, calls)
        spent = (web_seconds(product) - before) / (len(pages) * calls)
        print_state(state.name, times)
        print(f"    processor {1000 * spent:.1f} ms a call; {sum(shop.hub.counts.values())} requests, {shop.hub.peak} at once", flush=True)
        heal(shop, OFFERED)
        wait_until_idle(product)


def web_seconds(product: Product) -> float:
    """Return the processor time of the web process so far."""
    assert product.process is not None
    return sum(ticks(pid) for pid in family(product.process.pid) if "gunicorn" in title(pid)) / os.sysconf("SC_CLK_TCK")


def visit(person: Person, pages: dict[str, str], calls: int) -> Times:
    """Open every page so many times, round after round; return the seconds of each."""
    times: Times = defaultdict(list)
    for _ in range(calls):
        for name, address in pages.items():
            times[name].append(person.timed(address))
    return times


def print_state(state: str, times: Times) -> None:
    """Print a line for each part of the site."""
    parts: dict[str, Times] = defaultdict(dict)
    for name, seconds in times.items():
        parts[part_of(name)][name] = seconds
    for part, pages in {**dict(sorted(parts.items())), "all": times}.items():
        every = [1000 * each for seconds in pages.values() for each in seconds]
        p99 = statistics.quantiles(every, n=100, method="inclusive")[98]
        slow, longest = (max(pages, key=lambda name, of=of: of(pages[name])) for of in (statistics.median, max))
        print(
            f"{state:24} {part:14} {len(pages):3} pages  p50 {statistics.median(every):6.1f}  p99 {p99:6.1f}"
            f"   slowest p50 {1000 * statistics.median(pages[slow]):6.1f} {slow}   longest {max(every):7.1f} {longest}",
            flush=True,
        )


def part_of(name: str) -> str:
    """Return the part of the site that a page belongs to: the first word after /admin/."""
    parts = name.strip("/").split("/")
    part = parts[0] if parts[0] == "api" or len(parts) == 1 else parts[1].split(" ")[0]
    return "rows, people" if part in ROWS else part


def beside(program: Program, shop: Shop, plugins: int) -> None:
    """Print what the other program's lists take while GitHub hangs and while it refuses."""
    other = OriginalWeb(program, shop.hub)
    try:
        other.have_plugins([shop.plugins / name for name in shop.names[:plugins]])
        other.warm_up()
        for state in (State("well, all known", lambda shop: None), REFUSES, HANGS):
            for path in ("plugins/installed", "plugins/store/list"):
                if state in (REFUSES, HANGS):
                    other.do("age", OLD_SECONDS)
                state.begin(shop)
                print(f"beside: {state.name:24} {path:20} {1000 * other.seconds_of(path):10.1f} ms", flush=True)
                heal(shop, OFFERED)
    finally:
        other.close()


if __name__ == "__main__":
    main()
