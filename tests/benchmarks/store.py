"""Measures the store against a fake GitHub with latency: `python -m tests.benchmarks.store`; seconds, requests, and what a reader waits.

Lines: `cold` is an empty database until the list can be read and until every row has its commit; `unchanged` is the next refresh half an
hour later; then GitHub hangs, refuses or limits. `read` is what browsing costs at that moment, in this process, without HTTP.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHAPES = ((31, 0), (310, 0), (0, 57))
LATENCIES = (0.05, 0.2)


def main() -> None:
    """Print one table per shape, latency and token."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "LEDSITE_DATA_DIR": f"{folder}/data",
            "LEDSITE_RUN_DIR": f"{folder}/run",
            "LEDSITE_PLUGIN_DIR": f"{folder}/root/plugins",
        }
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledsite.settings")
        import django

        django.setup()
        from django.core.management import call_command

        Path(folder, "data").mkdir()
        call_command("migrate", verbosity=0)
        print(f"{'':44}{'seconds':>8} {'requests':>8} {'at once':>8} {'read ms':>8}")
        for alone, together in SHAPES:
            for latency in LATENCIES:
                for token in ("", "ghp_" + "a" * 36):
                    with tempfile.TemporaryDirectory() as place:
                        run(Path(place), alone=alone, together=together, latency=latency, token=token)


def run(folder: Path, *, alone: int, together: int, latency: float, token: str) -> None:
    """Measure one shape from an empty database on."""
    from django.conf import settings
    from django.core.management import call_command

    from tests.fakes.hub import Hub
    from tests.plugins_app.store.github_world import World

    call_command("flush", verbosity=0, interactive=False)
    hub = Hub()
    world = World(hub, settings, folder)
    world.use_token(token)
    if alone:
        world.offer(*(f"plugin-{number}" for number in range(alone)))
    if together:
        world.offer_monorepo(*(f"part-{number}" for number in range(together)))
    hub.latency = latency
    world.read_seconds = 2.0
    where = "one repository" if together else "repositories"
    name = f"{alone or together} in {where}, {latency * 1000:.0f} ms, {'token' if token else 'no token'}"
    print(name)
    line(world, "cold: the list can be read", world.refresh_registry)
    line(world, "cold: rows filled", world.refresh)
    missing = sum(1 for row in world.rows().values() if not row["last_commit"])
    if missing:
        print(f"    {missing} rows wait for the next hour's calls")
    world.renew_client()
    line(world, "after a restart", lambda: (world.refresh_registry(), world.refresh()) if token else world.refresh_registry())
    for _ in range(3):  # hours in which the rest is asked, as far as the budget goes
        world.clock.advance(minutes=61)
        world.refresh()
    world.clock.advance(minutes=61)
    line(world, "nothing has changed", lambda: (world.refresh_registry(), world.refresh()))
    for how, spoil in (("hangs", lambda: hub.hang("/")), ("limits", lambda: hub.rate_limit("/", status=429)), ("refuses", hub.refuse)):
        world.clock.advance(hours=3)
        spoil()
        line(world, f"GitHub {how}", lambda: (world.refresh_registry(), world.refresh()))
        hub.heal()
    world.close()
    hub.close()


def line(world: Any, what: str, action: Callable[[], object]) -> None:
    """Do something and print what it took, and what reading costs after it."""
    world.hub.forget_counts()
    begun = time.perf_counter()
    action()
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    world.rows()
    read = time.perf_counter() - begun
    print(f"    {what:40}{seconds:8.3f} {world.hub.total():8} {world.hub.peak:8} {1000 * read:8.1f}", flush=True)


if __name__ == "__main__":
    main()
