"""A week of browsing and refreshing, with the clock advanced: GitHub's hourly limit without a token is never reached."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from plugins_app.models import RegistryEntry
from plugins_app.store import catalogue, documents, metadata, refresh
from tests.plugins_app.store.github_world import World

pytestmark = pytest.mark.django_db
MOST_FILES = 7
BUSY_HOURS = 5
BUSY_MINUTES, QUIET_MINUTES = 4.0, 90.0
"""The first hours are lived in steps as short as a worker's, the rest in long ones, for the sake of the suite."""


def live_a_week(world: World, *, days: float, rng: random.Random) -> None:
    """Let a worker pass by every few minutes, people push, rename a repository and force a refresh now and then."""
    while (hours := (world.clock() - world.begun).total_seconds() / 3600) < days * 24:
        # Within an open day somebody presses "refresh now" at times; at night only the worker looks.
        world.refresh_registry()
        world.refresh(force=rng.random() < 0.02)
        if rng.random() < 0.05:
            look_at_a_plugin(world, rng)
        if rng.random() < 0.05:
            push(world, rng)
        if rng.random() < 0.02:
            name = rng.choice(list(world.hub.repositories))
            world.hub.rename(name, f"{name}x")
        if rng.random() < 0.05:
            assert all(row["last_commit"] for row in world.rows().values()) or hours < 12
        world.clock.advance(minutes=(BUSY_MINUTES if hours < BUSY_HOURS else QUIET_MINUTES) * (0.5 + rng.random()))


def look_at_a_plugin(world: World, rng: random.Random) -> None:
    """Open the page of any plugin, and let a worker fetch its files: a handful of requests that the limit does not count."""
    entry = catalogue.find_entry(rng.choice(list(RegistryEntry.objects.values_list("registry_id", flat=True))))
    before, calls = world.hub.total("/raw/"), world.calls()
    facts = documents.ask(entry, documents.facts_of(entry), now=world.clock())
    assert facts is not None
    documents.fetch(facts.pk, http=world.http, clock=world.clock)
    assert world.hub.total("/raw/") - before <= MOST_FILES
    assert world.calls() == calls


def push(world: World, rng: random.Random) -> None:
    repository = rng.choice(list(world.hub.repositories.values()))
    folder = rng.choice(list(repository.roots.values()))
    (folder / "manifest.json").write_text(str(rng.random()))
    repository.date = world.clock().isoformat().replace("+00:00", "Z")


def offer_registry(world: World, registry: dict[str, Any]) -> None:
    """Serve a registry as it is, every repository of it filled with a file for each plugin."""
    places: dict[str, dict[str, Path]] = {}
    for entry in registry["plugins"]:
        slug = "/".join(entry["repo"].rstrip("/").split("/")[-2:])
        folder = world.folder / "sources" / entry["id"]
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
        places.setdefault(slug, {})[entry.get("plugin_path") or ""] = folder
    branches = {"/".join(entry["repo"].rstrip("/").split("/")[-2:]): entry.get("branch") or "main" for entry in registry["plugins"]}
    for slug, roots in places.items():
        world.hub.add_repository(slug, roots, branch=branches[slug])
    world.hub.set_registry(registry)


@pytest.mark.process
@pytest.mark.parametrize("name", ["monorepo-2026-06.json", "standalone-2025-10.json"])
def test_a_week_of_a_real_registry(world: World, registry_data: Path, name: str) -> None:
    registry = json.loads((registry_data / name).read_bytes())
    offer_registry(world, registry)
    world.refresh_registry()
    world.refresh()
    assert sum(1 for row in world.rows().values() if row["last_commit"]) == len(world.rows())
    live_a_week(world, days=7, rng=random.Random(7))
    assert world.hub.busiest_hour() <= 40
    assert world.hub.limited == 0


@pytest.mark.process
@pytest.mark.parametrize("name", ["monorepo-2026-06.json", "standalone-2025-10.json"])
def test_a_real_registry_is_usable_after_one_request_and_no_quiet_pass_makes_more_than_three(
    world: World, registry_data: Path, name: str
) -> None:
    offer_registry(world, json.loads((registry_data / name).read_bytes()))
    world.refresh_registry()
    assert (world.hub.total(), len(world.rows())) == (1, RegistryEntry.objects.count())
    world.refresh()
    most = 0
    for _ in range(4 * 60):
        world.clock.advance(minutes=1)
        before = world.hub.total()
        if refresh.is_due(world.clock()) or metadata.is_due(world.clock()):
            world.refresh_registry()
            world.refresh()
        most = max(most, world.hub.total() - before)
    assert most <= 3
    assert world.hub.busiest_hour() <= 40


def test_half_a_day_of_a_large_registry(world: World) -> None:
    world.offer(*(f"plugin-{number}" for number in range(45)))
    world.offer_monorepo(*(f"part-{number}" for number in range(25)))
    world.refresh_registry()
    live_a_week(world, days=0.5, rng=random.Random(3))
    assert world.hub.busiest_hour() <= 40
    assert world.hub.limited == 0
    assert sum(1 for row in world.rows().values() if row["last_commit"]) == 70


def test_a_quiet_refresh_of_a_monorepo_costs_three_requests(world: World) -> None:
    world.offer_monorepo(*(f"part-{number}" for number in range(34)))
    world.refresh_registry()
    world.refresh()
    world.hub.forget_counts()
    world.clock.advance(minutes=61)
    world.refresh_registry()
    world.refresh()
    assert world.hub.total() == 3
