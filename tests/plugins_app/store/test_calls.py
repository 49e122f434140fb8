"""Every call to GitHub's API is taken from the budget before it is made, wherever it leads; GitHub itself counts."""

from __future__ import annotations

import time
from typing import Any

import pytest

from plugins_app.models import ApiAccess
from plugins_app.store import metadata
from plugins_app.store.token import token_state
from tests.plugins_app.store.github_world import World

pytestmark = pytest.mark.django_db
MANY = tuple(f"plugin-{number}" for number in range(45))


def rename_all(world: World) -> None:
    for name in list(world.hub.repositories):
        world.hub.rename(name, f"{name}-new")


def rename_branches(world: World) -> None:
    for repository in world.hub.repositories.values():
        repository.branch = "master"


def rename_both(world: World) -> None:
    rename_branches(world)
    rename_all(world)


WORLDS: dict[str, Any] = {
    "as-it-is": lambda world: None,
    "renamed": rename_all,
    "other-branches": rename_branches,
    "renamed-with-other-branches": rename_both,
    "moved-to-nothing": lambda world: world.hub.redirect("/api/repos", "/api/repos/someone/gone", status=301),
    "in-a-circle": lambda world: world.hub.redirect("/api/repos", "/api/repos/someone/plugin-1", status=301),
    "away": lambda world: world.hub.redirect("/api/repos", "https://example.com/", status=301),
    "inside": lambda world: world.hub.redirect("/api/repos", "http://169.254.169.254/", status=301),
    "gone": lambda world: world.hub.repositories.clear(),
    "broken": lambda world: world.hub.fail("/api/repos", status=500),
    "refused": lambda world: world.hub.fail("/api/repos", status=403),
    "cut": lambda world: world.hub.cut_short("/api/repos", keep=20),
}


@pytest.mark.parametrize("how", WORLDS)
def test_no_hour_has_more_calls_than_forty_and_all_are_counted(world: World, how: str) -> None:
    world.offer(*MANY)
    world.refresh_registry()
    WORLDS[how](world)
    for minutes in range(0, 150, 5):
        world.refresh(force=minutes % 25 == 20)
        if minutes == 50:
            assert token_state(world.clock()).used_last_hour == world.calls()
        world.clock.advance(minutes=5)
    assert world.hub.busiest_hour() <= 40
    assert world.hub.limited == 0


@pytest.mark.parametrize("how", ["renamed", "other-branches", "renamed-with-other-branches"])
def test_what_leads_elsewhere_is_found_there(world: World, how: str) -> None:
    world.offer("plugin-1", "plugin-2")
    world.offer_monorepo("clock")
    world.refresh_registry()
    WORLDS[how](world)
    for _ in range(4):
        world.refresh()
        world.clock.advance(minutes=31)
    assert all(row["last_commit"] and row["stars"] == 7 for row in world.rows().values())


def test_what_no_call_was_left_for_takes_its_turn_behind_the_others(world: World) -> None:
    world.offer(*MANY)
    world.refresh_registry()
    rename_all(world)
    for _ in range(5):
        world.refresh()
        world.clock.advance(minutes=62)
    assert all(row["last_commit"] and row["stars"] == 7 for row in world.rows().values())


def test_a_renamed_repository_is_confirmed_by_304_as_well(world: World) -> None:
    world.offer("plugin-1")
    world.refresh_registry()
    rename_all(world)
    world.refresh()
    world.clock.advance(minutes=31)
    world.hub.forget_counts()
    assert world.refresh().changed == 0
    assert [headers.get("If-None-Match") is not None for _, headers in world.hub.requests] == [True, True]


def test_calls_that_never_left_cost_nothing_even_a_minute_later(world: World) -> None:
    world.offer(*MANY)
    world.refresh_registry()
    WORLDS["away"](world)
    world.refresh()
    assert token_state(world.clock()).used_last_hour == world.calls()
    assert all(count >= 0 for _, count in ApiAccess.objects.get().calls)


@pytest.mark.parametrize("days", [400, -400])
def test_calls_by_a_clock_that_was_wrong_grow_old_all_the_same(world: World, days: int) -> None:
    world.offer(*MANY)
    world.refresh_registry()
    world.clock.advance(days=days)
    world.refresh()
    assert world.calls() == 40
    world.clock.advance(days=-days)
    for _ in range(90):
        world.clock.advance(minutes=1)
        if metadata.is_due(world.clock()):
            world.refresh()
    assert all(row["last_commit"] for row in world.rows().values())


def test_after_an_hour_one_call_finds_out_what_others_have_left(world: World) -> None:
    world.offer(*MANY)
    world.refresh_registry()
    world.refresh()
    world.clock.advance(minutes=62)
    for _ in range(57):
        world.hub.use_api_call("")
    world.refresh()
    assert world.hub.limited == 0


def test_a_clock_that_jumps_ahead_again_and_again_meets_no_limit(world: World) -> None:
    world.offer(*MANY)
    world.refresh_registry()
    begun = time.time()
    world.hub.clock = lambda: begun
    for _ in range(6):
        world.refresh()
        world.clock.advance(days=100)
    assert world.hub.limited == 0
