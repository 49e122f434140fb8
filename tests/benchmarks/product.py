"""Measures the whole product: `python -m tests.benchmarks.product`; starts, stop, memory and processor time at rest.

Prints seconds until `health` is well on an empty folder and on a prepared one, seconds until everything has stopped, the
memory of all processes (PSS: shared pages divided among those who share them) and their share of one core over 20 s.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.fakes.product import Product, wait_for

REST_SECONDS = 20


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder))
        print(f"first start until healthy     {timed(product.start):6.1f} s")
        wait_for(lambda: product.status()["now"], seconds=60, what="a lit panel")
        product.stop()
        print(f"second start until healthy    {timed(product.start):6.1f} s")
        wait_for(lambda: product.status()["now"], seconds=60, what="a lit panel")
        assert product.process is not None
        pids = family(product.process.pid)
        before = ticks(pids)
        time.sleep(REST_SECONDS)
        share = (ticks(pids) - before) / os.sysconf("SC_CLK_TCK") / REST_SECONDS
        print(f"memory, {len(pids):2} processes (PSS)   {pss(pids) / 1024:6.0f} MB")
        print(f"processor, three own plugins  {share:6.1%} of a core")
        print(f"stop                          {timed(product.stop):6.1f} s")


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


def ticks(pids: list[int]) -> int:
    """Sum the processor time of processes that are there."""
    total = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else []
        total += sum(int(number) for number in fields[11:13])
    return total


def pss(pids: list[int]) -> int:
    """Sum the proportional memory in kB."""
    rollups = [Path(f"/proc/{pid}/smaps_rollup") for pid in pids]
    return sum(int(re.findall(r"^Pss:\s+(\d+)", rollup.read_text(), flags=re.M)[0]) for rollup in rollups if rollup.exists())


if __name__ == "__main__":
    main()
