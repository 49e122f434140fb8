"""Measures the queues of a running product: `python -m tests.benchmarks.queues [--tasks 40]`.

Prints, for each queue, the milliseconds from the moment before a task is put into it until the task starts in its worker, one task
at a time with a pause before each; and how many tasks in a row a queue does in a second.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fakes.product import BASE_DIR, Product, wait_for

PAUSE_SECONDS = 0.3
ENQUEUE = """
import sys, time
from django_q.tasks import async_task
count, pause, queue, path = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4]
async_task("tests.benchmarks.work.note_start", path + ".warm", cluster=queue, save=False)
time.sleep(1)
for _ in range(count):
    time.sleep(pause)
    print(time.monotonic(), flush=True)
    async_task("tests.benchmarks.work.note_start", path, cluster=queue, save=False)
"""


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=40)
    tasks: int = parser.parse_args().tasks
    with tempfile.TemporaryDirectory() as name:
        product = Product(Path(name))
        product.start()
        try:
            time.sleep(5)  # what a first start leaves to do
            for queue in ("main", "slow"):
                waits = [1000 * (start - before) for before, start in measure(product, queue, tasks=tasks, pause=PAUSE_SECONDS)]
                cuts = statistics.quantiles(waits, n=100, method="inclusive")
                print(
                    f"{queue:5} enqueue to start   p50 {statistics.median(waits):6.1f} ms  p99 {cuts[98]:6.1f} ms  max {max(waits):6.1f} ms"
                )
            starts = [start for _, start in measure(product, "main", tasks=tasks, pause=0.0)]
            print(f"main  {(tasks - 1) / (starts[-1] - starts[0]):.0f} tasks a second, one after the other")
        finally:
            product.stop()


def measure(product: Product, queue: str, *, tasks: int, pause: float) -> list[tuple[float, float]]:
    """Return the moments of enqueueing and starting of each task."""
    path = product.folder / f"starts-{queue}-{pause}"
    process = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{ENQUEUE}", str(tasks), str(pause), queue, str(path)],
        cwd=BASE_DIR,
        env=product.environment | {"DJANGO_SETTINGS_MODULE": "ledsite.settings"},
        check=True,
        capture_output=True,
        text=True,
    )
    enqueued = [float(line) for line in process.stdout.split()]
    starts = wait_for(lambda: times_in(path, count=tasks), what="all tasks to start")
    return list(zip(enqueued, starts, strict=True))


def times_in(path: Path, *, count: int) -> list[float]:
    """Return the moments in a file once there are so many."""
    found = [float(line) for line in path.read_text().split()] if path.exists() else []
    return found if len(found) == count else []


if __name__ == "__main__":
    main()
