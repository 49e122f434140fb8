"""What is forgotten of what GitHub said, and what stays."""

from __future__ import annotations

import pytest

from plugins_app.models import CommitFacts, HttpCacheEntry, RegistryEntry, RepositoryFacts
from plugins_app.store.forgetting import forget_unwanted
from tests.plugins_app.store.github_world import World

pytestmark = pytest.mark.django_db


def known(world: World) -> list[int]:
    forget_unwanted(now=world.clock())
    answers = HttpCacheEntry.objects.filter(url__contains="/api/repos/")
    return [RepositoryFacts.objects.count(), CommitFacts.objects.count(), answers.count()]


def test_what_nobody_offers_any_more_is_forgotten_after_a_month(world: World) -> None:
    world.offer("One", "two")
    world.refresh_registry()
    world.refresh()
    RegistryEntry.objects.filter(registry_id="two").delete()
    assert known(world) == [2, 2, 4]
    world.clock.advance(days=31)
    assert known(world) == [1, 1, 2]
    assert world.rows()["One"]["last_commit"] is not None


def test_answers_under_a_token_that_is_no_longer_used_go_and_what_they_said_stays(world: World) -> None:
    world.use_token()
    world.offer("one")
    world.refresh_registry()
    world.refresh()
    world.clock.advance(days=31)
    assert known(world) == [1, 1, 2]
    world.use_token("")
    assert known(world) == [1, 1, 0]


def test_before_anything_is_on_offer_nothing_is_forgotten(world: World) -> None:
    world.offer("one")
    world.refresh_registry()
    world.refresh()
    RegistryEntry.objects.all().delete()
    world.clock.advance(days=31)
    assert known(world) == [1, 1, 2]
