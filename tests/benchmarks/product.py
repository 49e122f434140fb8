"""Measures the whole product: `python -m tests.benchmarks.product`; starts, stop, memory and processor time at rest.

Prints seconds until `health` is well on an empty folder and on a prepared one, seconds until everything has stopped, the
memory of all processes (PSS: shared pages divided among those who share them) and their share of one core over 20 s, with the
three plugins of our own and with ten. At rest the panel keeps showing one plugin that does not move.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.fakes.hub import Hub
from tests.fakes.product import Product, wait_for
from tests.fakes.samples import sample_registry

REST_SECONDS = 20
SETTLE_SECONDS = 5  # what an install leaves to do
STILL = "ledsite-system"
SAMPLES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta")


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        registry, plugins = sample_registry(folder / "shop", ids=SAMPLES)
        hub = Hub(registry=registry, plugins=plugins)
        product = Product(folder, **hub.environment())
        try:
            print(f"first start until healthy     {timed(product.start):6.1f} s")
            wait_for(lambda: product.status()["now"], seconds=60, what="a lit panel")
            product.stop()
            print(f"second start until healthy    {timed(product.start):6.1f} s")
            wait_for(lambda: product.status()["now"], seconds=60, what="a lit panel")
            rest(product, what="three plugins")
            wait_for(lambda: product.get("plugins/store/list")["results"], what="a filled store")
            for plugin_id in SAMPLES:
                product.operate("plugins/install", {"plugin_id": plugin_id})
            wait_for(lambda: sum(name.startswith("host ") for name in product.pids()) == 10, what="ten hosts")
            rest(product, what="ten plugins")
            print(f"stop                          {timed(product.stop):6.1f} s")
        finally:
            product.stop()
            hub.close()


def rest(product: Product, *, what: str) -> None:
    """Let the panel show one still picture, and print what that costs."""
    assert product.process is not None
    product.request("POST", "display/on-demand", json={"plugin_id": STILL, "pinned": True})
    wait_for(lambda: product.shows(STILL), what=f"{STILL} on the panel")
    time.sleep(SETTLE_SECONDS)
    pids = family(product.process.pid)
    before = {pid: ticks(pid) for pid in pids}
    time.sleep(REST_SECONDS)
    pids = family(product.process.pid)  # a worker is forked afresh now and then
    shares = {pid: (ticks(pid) - before.get(pid, 0)) / os.sysconf("SC_CLK_TCK") / REST_SECONDS for pid in pids}
    print(f"{what}, {len(pids)} processes: {pss(pids) / 1024:.0f} MB (PSS), {sum(shares.values()):.1%} of a core")
    for pid in pids:
        print(f"    {pss([pid]) / 1024:6.1f} MB {shares[pid]:6.2%}  {title(pid)}")
    product.request("DELETE", "display/on-demand")


def timed(action: Callable[[], None]) -> float:
    """Return the seconds that something takes."""
    start = time.monotonic()
    action()
    return time.monotonic() - start


def family(pid: int) -> list[int]:
    """List a process and everything below it."""
    found = [pid]
    for each in found:
        found += [int(child) for child in Path(f"/proc/{each}/task/{each}/children").read_text().split()]
    return found


def ticks(pid: int) -> int:
    """Return the processor time of a process so far."""
    stat = Path(f"/proc/{pid}/stat")
    return sum(int(number) for number in stat.read_text().rpartition(")")[2].split()[11:13]) if stat.exists() else 0


def title(pid: int) -> str:
    """Return the end of a process's command line."""
    path = Path(f"/proc/{pid}/cmdline")
    return path.read_text().replace("\0", " ").strip()[-60:] if path.exists() else "ended"


def pss(pids: list[int]) -> int:
    """Sum the proportional memory in kB."""
    rollups = [Path(f"/proc/{pid}/smaps_rollup") for pid in pids]
    return sum(int(re.findall(r"^Pss:\s+(\d+)", rollup.read_text(), flags=re.M)[0]) for rollup in rollups if rollup.exists())


if __name__ == "__main__":
    main()
