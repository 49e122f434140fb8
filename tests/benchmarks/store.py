"""Measures the store against a fake GitHub: `python -m tests.benchmarks.store [--beside CHECKOUT] [--quick]`.

The fake has latency, connections that cost two more round trips (as TLS does), ETags and the limit of 60 calls an hour; shapes are 31
and 310 repositories and one repository with 57 plugins. A line says the seconds and the requests until the work is done, how many
requests ran at once, what a reader waits after it (in this process, without HTTP: readers never wait for the network), how many rows
have a commit and how many commits differ: in one repository each plugin has one of its own. `cold` is an empty database until the list
can be read and until everything is asked that an hour's calls allow; `unchanged` is the refresh two hours after the last row is filled;
then GitHub limits, refuses or, at the first latency, hangs, with the patience that workers have.
With `--beside` the store manager of a checkout of LEDMatrix does the same work in the same run, without a token; there readers do it
themselves, so that their wait is the seconds of its columns. It knows one commit per repository, and what it was refused it asks for at
the next look; more than 130 s are not waited for. The whole run takes about ten minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.beside import Done, Original, Program, add_options, other_program

SHAPES = ((31, 0), (310, 0), (0, 57))
LATENCIES = (0.05, 0.2)
TOKENS = ("", "ghp_" + "a" * 36)
OLD_SECONDS = 2 * 3600
MOST_HOURS = 40
PATIENT_WITH = 100
"""With more plugins the other program takes minutes for a line: it does the work once, at the first latency, and nothing hangs."""
HEAD = f"{'':44}{'seconds':>8} {'requests':>8} {'at once':>8} {'read ms':>8} {'commits':>14}"
HEAD_BESIDE = f"   beside: {'seconds':>8} {'requests':>8} {'at once':>8} {'commits':>14}"


def main() -> None:
    """Print one table per shape, latency and token."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    parser.add_argument("--quick", action="store_true", help="31 repositories and the monorepo, 50 ms, no token, nothing hangs")
    options = parser.parse_args()
    other = other_program(options)
    shapes, latencies, tokens = ((SHAPES[0], SHAPES[2]), LATENCIES[:1], TOKENS[:1]) if options.quick else (SHAPES, LATENCIES, TOKENS)
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        print(f"load before {os.getloadavg()[0]:.1f}\n{HEAD}{HEAD_BESIDE if other else ''}")
        for alone, together in shapes:
            for latency in latencies:
                for token in tokens:
                    with tempfile.TemporaryDirectory() as place, a_world(Path(place), alone, together) as world:
                        world.use_token(token)
                        world.hub.latency, world.hub.connection_seconds = latency, 2 * latency
                        where = "in one repository" if together else "repositories"
                        print(f"{alone or together} {where}, {latency * 1000:.0f} ms, {'token' if token else 'no token'}")
                        is_first = latency == LATENCIES[0]
                        beside = other if not token and (is_first or alone <= PATIENT_WITH) else None
                        run(world, beside=beside, hangs=is_first and not options.quick)


def prepare(folder: str) -> None:
    """Have an empty database in a folder."""
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


def run(world: Any, *, beside: Program | None, hangs: bool) -> None:
    """Measure one shape from an empty database on."""
    other = Original(beside, world.hub) if beside else None

    def line(what: str, action: Callable[[], object], *orders: tuple[object, ...], since: Took | None = None) -> Took:
        took = measure(world, action)
        total = took if since is None else Took(since.seconds + took.seconds, since.requests + took.requests, max(since.peak, took.peak))
        print_line(what, total, world, orders_done(other, orders) if other else None)
        return total

    browse, renew, age = ("browse",), ("renew",), ("age", OLD_SECONDS)
    first = line("cold: the list can be read", lambda: ask_registry(world))
    line("cold: rows filled", lambda: ask_github(world), renew, browse, since=first)
    line("warm", lambda: None, browse)
    line("after a restart", lambda: ask_both(world), renew, browse)
    if hours := fill(world):
        print(f"    the rest is asked within the budget of the next {hours} hours")
    world.clock.advance(minutes=121)
    line("unchanged", lambda: ask_both(world), age, browse)
    states = [
        ("limits", lambda: world.hub.rate_limit("/", status=429), world.hub.heal),
        ("refuses", world.hub.refuse, world.hub.accept),
        ("hangs", lambda: world.hub.hang("/"), world.hub.heal),
    ]
    for how, spoil, heal in states if hangs else states[:2]:
        world.clock.advance(hours=3)
        spoil()
        is_bearable = how != "hangs" or len(world.entries) <= PATIENT_WITH
        line(f"GitHub {how}", lambda: ask_both(world), *((age, browse) if is_bearable else ()))
        heal()
    if other:
        other.close()


def ask_registry(world: Any) -> None:
    """Do what the schedule has a worker do for the list, with a client of its own."""
    _be_patient(world)
    world.refresh_registry()


def ask_github(world: Any) -> None:
    """Do what it has a worker do for the rows, with a client of its own."""
    _be_patient(world)
    world.refresh()


def _be_patient(world: Any) -> None:
    """Wait for an answer as long as the schedule does."""
    from plugins_app.store.client import SCHEDULE_READ_SECONDS

    world.read_seconds = SCHEDULE_READ_SECONDS
    world.renew_client()


def ask_both(world: Any) -> None:
    """Do one round of the schedule."""
    ask_registry(world)
    ask_github(world)


def fill(world: Any) -> int:
    """Let hours pass until one brings nothing new; return how many it took."""
    for hour in range(MOST_HOURS):
        world.clock.advance(minutes=61)
        if not world.refresh().changed:
            return hour
    return MOST_HOURS


@contextlib.contextmanager
def a_world(folder: Path, alone: int, together: int) -> Iterator[Any]:
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
    if alone:
        world.offer(*(f"plugin-{number}" for number in range(alone)))
    if together:
        world.offer_monorepo(*(f"part-{number}" for number in range(together)))
    try:
        yield world
    finally:
        world.close()
        hub.close()


@dataclass(frozen=True)
class Took:
    """What some work took."""

    seconds: float
    requests: int
    peak: int


def measure(world: Any, action: Callable[[], object]) -> Took:
    """Do something and return what it took."""
    world.hub.forget_counts()
    begun = time.perf_counter()
    action()
    return Took(time.perf_counter() - begun, world.hub.total(), world.hub.peak)


def orders_done(other: Original, orders: tuple[tuple[object, ...], ...]) -> Done | None:
    """Have the other program do what the last order says, after the others."""
    done = None
    for order in orders:
        done = other.do(*order)
    return done


def print_line(what: str, took: Took, world: Any, done: Done | None) -> None:
    """Print what something took, what reading costs after it, and what the same took beside."""
    begun = time.perf_counter()
    rows = world.rows().values()
    read = time.perf_counter() - begun
    found = [row["last_commit"]["sha"] for row in rows if row["last_commit"]]
    commits = _commits(len(found), len(set(found)))
    text = f"    {what:40}{took.seconds:8.3f} {took.requests:8} {took.peak:8} {1000 * read:8.1f} {commits:>14}"
    if done is not None:
        text += f"           {done.seconds:8.3f} {done.requests:8} {done.peak:8} {_commits(*done.found[1:]):>14}"
    print(text, flush=True)


def _commits(count: int = 0, different: int = 0) -> str:
    return f"{count}, {different} differ" if count != different else str(count)


if __name__ == "__main__":
    main()
