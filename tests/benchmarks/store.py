"""Measures the store against a fake GitHub: `python -m tests.benchmarks.store [--beside CHECKOUT] [--quick]`.

The fake has latency, connections that cost two more round trips (as TLS does), ETags and the limit of 60 calls an hour; shapes are 31
and 310 repositories and one repository with 57 plugins. A line says the seconds and the requests until the work is done, how many
requests ran at once, and what a reader waits at that moment, who never waits for the network: in this process, without HTTP.
`cold` is an empty database until the list can be read and until every row has its commit; `unchanged` is the next refresh half an
hour later; then GitHub hangs, refuses or limits. With `--beside` the store manager of a checkout of LEDMatrix does the same work in
the same run; there readers do it themselves, so that their wait is the seconds of its column.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.beside import Done, Original

SHAPES = ((31, 0), (310, 0), (0, 57))
LATENCIES = (0.05, 0.2)
TOKENS = ("", "ghp_" + "a" * 36)
HOUR = 3600


def main() -> None:
    """Print one table per shape, latency and token."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT")
    parser.add_argument("--quick", action="store_true", help="31 repositories and the monorepo, 50 ms, no token")
    options = parser.parse_args()
    shapes, latencies, tokens = ((SHAPES[0], SHAPES[2]), LATENCIES[:1], TOKENS[:1]) if options.quick else (SHAPES, LATENCIES, TOKENS)
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
        print(
            f"{'':44}{'seconds':>8} {'requests':>8} {'at once':>8} {'read ms':>8}{'   beside: seconds requests' if options.beside else ''}"
        )
        for alone, together in shapes:
            for latency in latencies:
                for token in tokens:
                    with tempfile.TemporaryDirectory() as place:
                        run(Path(place), alone=alone, together=together, latency=latency, token=token, beside=options.beside)


def run(folder: Path, *, alone: int, together: int, latency: float, token: str, beside: Path | None) -> None:
    """Measure one shape from an empty database on."""
    with a_world(folder, alone=alone, together=together, latency=latency, token=token) as world:
        where = "one repository" if together else "repositories"
        print(f"{alone or together} in {where}, {latency * 1000:.0f} ms, {'token' if token else 'no token'}")
        other = Original(beside, world.hub) if beside and not token else None
        browse = (lambda: _renewed(other)) if other else None
        both = lambda: (world.refresh_registry(), world.refresh())  # noqa: E731 - the work of most lines
        line(world, "cold: the list can be read", world.refresh_registry)
        line(world, "cold: rows filled", world.refresh, browse)
        missing = sum(1 for row in world.rows().values() if not row["last_commit"])
        if missing:
            print(f"    {missing} rows wait for the next hour's calls")
        line(world, "warm", lambda: None, (lambda: other.do("browse")) if other else None)
        world.renew_client()
        line(world, "after a restart", both if token else world.refresh_registry, browse)
        for _ in range(3):  # hours in which the rest is asked, as far as the budget goes
            world.clock.advance(minutes=61)
            world.refresh()
        world.clock.advance(minutes=61)
        line(world, "nothing has changed", both, (lambda: _expired(other)) if other else None)
        for how, spoil in (
            ("hangs", lambda: world.hub.hang("/")),
            ("limits", lambda: world.hub.rate_limit("/", status=429)),
            ("refuses", world.hub.refuse),
        ):
            world.clock.advance(hours=3)
            spoil()
            line(world, f"GitHub {how}", both, (lambda: _expired(other)) if other else None)
            world.hub.heal()
        if other:
            other.close()


@contextlib.contextmanager
def a_world(folder: Path, *, alone: int, together: int, latency: float, token: str) -> Iterator[Any]:
    """Offer so many plugins on an empty database."""
    from django.conf import settings
    from django.core.management import call_command

    from plugins_app.store import catalogue
    from tests.fakes.hub import Hub
    from tests.plugins_app.store.github_world import World

    call_command("flush", verbosity=0, interactive=False)
    catalogue.forget()
    hub = Hub()
    world = World(hub, settings, folder)
    world.use_token(token)
    if alone:
        world.offer(*(f"plugin-{number}" for number in range(alone)))
    if together:
        world.offer_monorepo(*(f"part-{number}" for number in range(together)))
    hub.latency, hub.connection_seconds = latency, 2 * latency
    world.read_seconds = 2.0
    try:
        yield world
    finally:
        world.close()
        hub.close()


def line(world: Any, what: str, action: Callable[[], object], beside: Callable[[], Done] | None = None) -> None:
    """Do something and print what it took, and what reading costs after it; and what the same took beside."""
    world.hub.forget_counts()
    begun = time.perf_counter()
    action()
    seconds = time.perf_counter() - begun
    requests, peak = world.hub.total(), world.hub.peak
    begun = time.perf_counter()
    world.rows()
    read = time.perf_counter() - begun
    text = f"    {what:40}{seconds:8.3f} {requests:8} {peak:8} {1000 * read:8.1f}"
    if beside is not None:
        done = beside()
        text += f"   {done.seconds:15.3f} {done.requests:8}"
    print(text, flush=True)


def _renewed(other: Original) -> Done:
    """Browse as after a restart."""
    other.do("renew")
    return other.do("browse")


def _expired(other: Original) -> Done:
    """Browse once what was kept is too old."""
    other.do("expire", 0)
    done = other.do("browse")
    if done.seconds == float("inf"):
        other.do("renew")
    other.do("expire", HOUR)
    return done


if __name__ == "__main__":
    main()
