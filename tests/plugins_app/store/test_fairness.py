"""What GitHub has no good answer for takes nothing from the rest: every repository has its turn."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from plugins_app.models import CommitFacts, RepositoryFacts
from plugins_app.store import metadata
from tests.plugins_app.store.github_world import World

pytestmark = pytest.mark.django_db
GOOD = tuple(f"good-{number}" for number in range(12))
DEAD = tuple(f"dead-{number}" for number in range(25))


def live(world: World, *, hours: float, minutes: int = 4) -> None:
    """Let a worker pass by as the schedule lets it."""
    for _ in range(int(hours * 60 / minutes)):
        world.refresh_registry()
        if metadata.is_due(world.clock()):
            world.refresh()
        world.clock.advance(minutes=minutes)


def spoil(world: World, names: tuple[str, ...], status: int) -> None:
    for name in names:
        if status == 200:
            world.hub.answer(f"/api/repos/someone/{name}/commits", b"[]", content_type="application/json")
        else:
            world.hub.fail(f"/api/repos/someone/{name}", status=status)


@pytest.mark.parametrize("status", [404, 451, 500, 403, 200])
def test_repositories_without_a_good_answer_take_no_turn_from_the_others(world: World, status: int) -> None:
    spoil(world, DEAD, status)
    world.offer(*DEAD, *GOOD)
    live(world, hours=4)
    made = world.clock() - timedelta(hours=1)
    live(world, hours=5)
    for facts in (RepositoryFacts, CommitFacts):
        assert facts.objects.filter(slug__startswith="someone/good", checked_at__gt=made).count() == len(GOOD)
    assert world.hub.busiest_hour() <= 40


def test_what_comes_back_is_seen_within_as_long_as_it_was_gone(world: World) -> None:
    world.offer("one")
    world.refresh_registry()
    world.refresh()
    world.hub.fail("/api", status=404)
    live(world, hours=3)
    world.hub.heal()
    world.change("one", "changed")
    live(world, hours=4)
    assert world.rows()["one"]["last_commit"]["sha"] == world.hub.repositories["someone/one"].commit()


@pytest.mark.parametrize("hours", [0.5, 6])
def test_what_does_not_exist_is_asked_for_no_sooner_than_the_rest(world: World, hours: float) -> None:
    world.settings.LEDSITE = dataclasses.replace(world.settings.LEDSITE, metadata_ttl=int(hours * 3600))
    world.hub.fail("/api", status=404)
    world.offer("one")
    world.refresh_registry()
    world.refresh()
    world.hub.forget_counts()
    live(world, hours=hours * 0.9)
    assert world.calls() == 0


def test_a_wait_from_before_the_clock_was_set_says_nothing(world: World) -> None:
    world.offer("one")
    world.refresh_registry()
    world.clock.advance(days=400)
    world.hub.fail("/api", status=404)
    world.refresh()
    world.hub.heal()
    world.clock.advance(days=-400)
    assert metadata.is_due(world.clock())
    world.refresh()
    assert world.rows()["one"]["last_commit"] is not None


def test_three_hundred_repositories_are_filled_in_sixteen_hours(world: World) -> None:
    world.offer(*(f"plugin-{number}" for number in range(310)))
    live(world, hours=8.2, minutes=61)
    assert all(row["last_commit"] for row in world.rows().values())
    live(world, hours=8.2, minutes=61)
    assert RepositoryFacts.objects.count() == 310
    assert world.hub.busiest_hour() <= 40
