"""Measures the lists of a running product: `python -m tests.benchmarks.lists`.

Prints answers per second, p50 and p99 with 5, 31 and 100 installed plugins for one client and for eight, and the first answer of each
list after a restart (the median of five restarts).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.load import load
from tests.fakes.product import BASE_DIR, Product

SIZES = (5, 31, 100)
RESTARTS = 5
PATHS = ("plugins/installed", "plugins/store/list")
FILL = """
from django.db import transaction
from django.utils import timezone
from plugins_app.models import *
from plugins_app.store.sources import ensure_official_source
wanted = {size}
with transaction.atomic():
    source = ensure_official_source()
    source.fetched_at = timezone.now(); source.content_digest = "bench"; source.problem = None; source.save()
    for number in range(Plugin.objects.filter(plugin_id__startswith="bench").count(), wanted):
        name, text = f"bench-{{number}}", "What it shows, in a sentence of the usual length. " * 2
        Plugin.objects.create(plugin_id=name, name=f"Bench {{number}}", version="1.0.0", author="somebody", description=text,
            category="sports", tags=["one", "two", "three"], enabled=False,
            position=number + 10, source="registry", source_ref={{"registry_id": name}})
        RegistryEntry.objects.create(source=source, registry_id=name, position=number, name=f"Bench {{number}}", description=text,
            author="somebody", category="sports", tags=["one", "two", "three"], repo=f"https://github.com/someone/{{name}}",
            branch="main", latest_version="1.1.0", raw={{"id": name}})
        RepositoryFacts.objects.create(slug=f"someone/{{name}}", stars=number, default_branch="main", checked_at=timezone.now())
        CommitFacts.objects.create(slug=f"someone/{{name}}", branch="main", sha="a" * 40, author="Somebody", date="2026-06-02T10:00:00Z",
            message="Change it", checked_at=timezone.now())
    Revision.bump("plugins", "store")
"""


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        product = Product(Path(folder), LEDSITE_RUN_DIR=memory)
        product.start()
        print(f"load before {os.getloadavg()[0]:.1f}")
        try:
            for size in SIZES:
                fill(product, size)
                measure(product, size)
            for path in PATHS:
                firsts = [first_answer(product, path) for _ in range(RESTARTS)]
                print(f"{SIZES[-1]:4} plugins  {path:20} first answer after a restart  {1000 * statistics.median(firsts):6.1f} ms")
        finally:
            product.stop()


def fill(product: Product, size: int) -> None:
    """Put rows of so many installed plugins and offers into the database."""
    code = FILL.format(size=size)
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", code], cwd=BASE_DIR, env=product.environment, check=True, capture_output=True
    )


def measure(product: Product, size: int) -> None:
    """Print the lines of one size."""
    for path in PATHS:
        first = product.request("GET", path)
        assert first.json()["count"] >= size, first.text[:200]
        load(product, path, requests=50)
        print(f"{size:4} plugins  {path:20} 1 client   {load(product, path)}")
        print(f"{size:4} plugins  {path:20} 8 clients  {load(product, path, clients=8)}")
        if etag := first.headers.get("ETag"):
            print(f"{size:4} plugins  {path:20} 304        {load(product, path, headers={'If-None-Match': etag})}")


def first_answer(product: Product, path: str) -> float:
    """Restart the product, leave it in peace for a moment, and return the seconds of the first request."""
    product.stop()
    product.start()
    time.sleep(5)
    return product.request("GET", path).elapsed.total_seconds()


if __name__ == "__main__":
    main()
