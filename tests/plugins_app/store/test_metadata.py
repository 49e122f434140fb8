"""Repository and commit data: what it costs, what it survives, and what people see, against a real server."""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Any

import pytest

from plugins_app.access import Role
from plugins_app.exceptions import NetworkProblem
from plugins_app.models import ApiAccess, CommitFacts, HttpCacheEntry, RepositoryFacts, Revision
from plugins_app.store import catalogue, metadata
from plugins_app.store.search import Wanted
from plugins_app.store.token import token_state
from tests.fakes.people import client_of
from tests.plugins_app.store.github_world import TOKEN, World

pytestmark = pytest.mark.django_db
THREE = ("one", "two", "three")


def ready(world: World, *names: str) -> None:
    world.offer(*(names or THREE))
    world.refresh_registry()


def test_every_repository_is_asked_once_per_kind(world: World) -> None:
    ready(world)
    report = world.refresh()
    assert (report.asked, report.changed, report.waiting, report.problem) == (6, 6, 0, None)
    expected = {f"/api/repos/someone/{name}{rest}": 1 for name in THREE for rest in ("", "/commits")}
    assert dict(world.hub.counts) == {"/registry/plugins.json": 1, **expected}


def test_the_catalogue_shows_what_github_said(world: World) -> None:
    ready(world)
    before = world.rows()["one"]
    assert (before["stars"], before["last_commit"], before["last_updated"]) == (3, None, "")
    world.refresh()
    row = world.rows()["one"]
    assert row["last_commit"] == {
        "sha": world.hub.repositories["someone/one"].commit(),
        "author": "A. Author",
        "date": "2026-05-31T12:00:00Z",
        "message": "Change it",
    }
    assert (row["stars"], row["default_branch"], row["last_updated"]) == (7, "main", "2026-05-31T12:00:00Z")
    assert list(world.rows()) == list(THREE)


def test_nothing_is_asked_again_while_it_is_young(world: World) -> None:
    ready(world)
    world.refresh()
    world.hub.forget_counts()
    world.clock.advance(minutes=29)
    assert not metadata.is_due(world.clock())
    assert world.refresh().asked == 0
    assert world.hub.total() == 0


def test_a_second_look_is_spread_over_passes_without_a_token(world: World) -> None:
    ready(world)
    world.refresh()
    world.hub.forget_counts()
    world.clock.advance(minutes=31)
    assert metadata.is_due(world.clock())
    assert [world.refresh().asked for _ in range(3)] == [2, 1, 0]
    assert dict(world.hub.counts) == {f"/api/repos/someone/{name}": 1 for name in THREE}


def test_requests_overlap_and_never_more_than_ten(world: World) -> None:
    world.use_token()
    ready(world, *(f"plugin-{number}" for number in range(15)))
    world.hub.latency = 0.03
    assert world.refresh().asked == 30
    assert 2 <= world.hub.peak <= 10
    assert world.hub.connections <= 11


def test_what_does_not_change_is_confirmed_by_304_and_wakes_nobody(world: World) -> None:
    world.use_token()
    ready(world)
    world.refresh()
    revision = Revision.current("store")
    world.clock.advance(minutes=31)
    world.hub.forget_counts()
    reports = [world.refresh() for _ in range(3)]
    assert [(report.asked, report.changed, report.waiting) for report in reports] == [(2, 0, 1), (1, 0, 0), (0, 0, 0)]
    assert all("If-None-Match" in headers for _, headers in world.hub.requests)
    assert Revision.current("store") == revision


@pytest.mark.parametrize(("token", "asked"), [("", 2), (TOKEN, 4)])
def test_second_looks_are_spread_over_passes_also_with_a_token(world: World, token: str, asked: int) -> None:
    world.use_token()
    ready(world, *(f"plugin-{number}" for number in range(60)))
    world.refresh()
    world.use_token(token)
    world.clock.advance(minutes=61)
    if not token:  # what it has never asked under this name comes first
        for _ in range(4):
            world.refresh()
            world.clock.advance(minutes=61)
    assert world.refresh().asked == asked


def test_a_push_is_seen_and_costs_one_more_question(world: World) -> None:
    world.use_token()
    ready(world)
    world.refresh()
    world.change("two", "changed")
    world.hub.repositories["someone/two"].date = "2026-06-02T10:10:00Z"
    world.clock.advance(minutes=31)
    world.hub.forget_counts()
    world.refresh()
    world.refresh()
    assert world.hub.counts["/api/repos/someone/two/commits"] == 1
    assert world.calls() == 4
    assert world.rows()["two"]["last_commit"]["sha"] == world.hub.repositories["someone/two"].commit()


def test_a_monorepo_costs_a_tree_and_commits_of_what_changed(world: World) -> None:
    world.offer_monorepo("clock", "weather", "stocks")
    world.refresh_registry()
    assert world.refresh().asked == 5
    rows = world.rows()
    assert {row["last_commit"]["message"] for row in rows.values()} == {
        "Change plugins/clock",
        "Change plugins/weather",
        "Change plugins/stocks",
    }
    world.clock.advance(minutes=31)
    world.hub.forget_counts()
    world.refresh()
    assert world.calls() == 2
    world.change("weather", "changed")
    world.clock.advance(minutes=31)
    world.hub.forget_counts()
    assert world.refresh().changed == 1
    assert world.calls() == 3
    assert world.rows()["weather"]["last_commit"] != rows["weather"]["last_commit"]
    assert world.rows()["clock"] == rows["clock"]


def test_a_tree_that_is_cut_off_is_none_and_each_folder_is_asked_for(world: World) -> None:
    world.offer_monorepo("clock", "weather")
    world.refresh_registry()
    tree = {"tree": [{"path": "clock", "type": "tree", "sha": "a" * 40}], "truncated": True}
    world.hub.answer("/api/repos/someone/plugins/git/trees", json.dumps(tree).encode(), content_type="application/json")
    world.refresh()
    assert [row["last_commit"]["message"] for row in world.rows().values()] == ["Change plugins/clock", "Change plugins/weather"]


def test_plugins_in_folders_at_the_top_are_found_by_the_tree_of_the_branch(world: World) -> None:
    world.offer_monorepo("clock", "weather", below="")
    world.refresh_registry()
    world.refresh()
    assert world.hub.counts["/api/repos/someone/plugins/git/trees/main"] == 1
    assert [row["last_commit"]["message"] for row in world.rows().values()] == ["Change clock", "Change weather"]


def test_two_plugins_of_one_repository_cost_one_question(world: World) -> None:
    ready(world, "one")
    world.entries.append(dict(world.entries[0], id="again", repo="https://github.com/Someone/One"))
    world.offer()
    world.clock.advance(hours=1)
    world.refresh_registry()
    assert world.refresh().asked == 2
    assert world.rows()["again"]["last_commit"] == world.rows()["one"]["last_commit"] is not None


def test_the_budget_spreads_a_large_registry_over_hours(world: World) -> None:
    ready(world, *(f"plugin-{number}" for number in range(31)))
    report = world.refresh()
    assert (report.asked, report.waiting) == (40, 22)
    assert all(row["last_commit"] for row in world.rows().values())
    assert world.refresh().asked == 0
    assert not metadata.is_due(world.clock())
    world.clock.advance(minutes=62)
    world.renew_client()
    assert world.refresh().asked == 22 + 2
    assert world.hub.limited == 0


def test_a_token_of_its_own_counts_apart_and_has_its_own_etags(world: World) -> None:
    ready(world)
    world.refresh()
    world.use_token()
    world.hub.forget_counts()
    for _ in range(3):
        world.refresh()
    assert world.calls() == 6
    assert {headers["Authorization"] for _, headers in world.hub.requests} == {f"Bearer {TOKEN}"}
    assert not any("If-None-Match" in headers for _, headers in world.hub.requests)
    assert sorted(set(HttpCacheEntry.objects.filter(url__contains="/api/").values_list("token_digest", flat=True)))[0] == ""
    assert ApiAccess.objects.count() == 2


def test_a_refused_token_is_left_out_from_then_on(world: World) -> None:
    world.use_token()
    world.hub.tokens = {"another"}
    ready(world)
    report = world.refresh()
    assert report.problem is not None
    assert report.problem.code == "http-401"
    assert token_state(world.clock()).state == "invalid"
    world.renew_client()
    assert world.refresh().changed == 6


SPOILERS: dict[str, Any] = {
    "hangs": lambda hub: hub.hang("/api"),
    "refuses": lambda hub: hub.refuse(),
    "limits": lambda hub: hub.rate_limit("/api"),
    "limits-later": lambda hub: hub.rate_limit("/api", status=429),
    "forbids": lambda hub: hub.fail("/api", status=403),
    "breaks": lambda hub: hub.fail("/api", status=500),
    "loses": lambda hub: hub.fail("/api", status=404),
    "lies": lambda hub: hub.answer("/api", b"<!DOCTYPE html><title>Sign in to the network</title>"),
    "lies-in-json": lambda hub: hub.answer("/api", b'{"message": "hello"}', content_type="application/json"),
    "empties": lambda hub: hub.answer("/api", b"[]", content_type="application/json"),
    "cuts": lambda hub: hub.cut_short("/api", keep=20),
    "drops": lambda hub: hub.drop("/api"),
}


def spoil(world: World, how: str) -> None:
    SPOILERS[how](world.hub)
    if how == "hangs":
        world.be_impatient()


@pytest.mark.parametrize(("how", "token"), [(how, TOKEN if number % 2 else "") for number, how in enumerate(SPOILERS)])
def test_no_failure_takes_anything_away(world: World, how: str, token: str) -> None:
    world.use_token(token)
    world.offer_monorepo("clock", "weather")
    ready(world)
    world.refresh()
    rows = world.rows()
    assert all(row["stars"] == 7 and row["last_commit"] for row in rows.values())
    # One plugin is new when GitHub fails, another has changed.
    world.change("clock", "changed")
    world.clock.advance(hours=3)
    spoil(world, how)
    world.refresh()
    world.refresh(force=True)
    assert world.rows() == rows
    world.hub.heal()
    world.read_seconds = 5.0
    world.renew_client()
    if how == "refuses":
        world.hub.accept()
    for _ in range(5):
        world.clock.advance(hours=2)
        world.refresh()
    assert world.rows()["clock"]["last_commit"]["sha"] == world.hub.repositories["someone/plugins"].commit("plugins/clock")


@pytest.mark.parametrize("how", ["hangs", "refuses", "limits", "breaks", "lies", "cuts"])
def test_after_a_failure_nobody_asks_for_a_minute(world: World, how: str) -> None:
    ready(world)
    spoil(world, how)
    world.refresh()
    world.hub.forget_counts()
    world.clock.advance(seconds=59)
    assert not metadata.is_due(world.clock())
    assert world.refresh().asked == 0
    assert world.hub.total() == 0
    world.clock.advance(seconds=180)
    assert metadata.is_due(world.clock())


def test_a_limit_is_waited_out_to_its_end(world: World) -> None:
    ready(world)
    world.hub.clock = time.time
    world.hub.rate_limit("/api", seconds=1800)
    problem = world.refresh().problem
    assert problem is not None
    assert problem.code == "rate-limited"
    world.hub.heal()
    world.clock.advance(minutes=29)
    assert not metadata.is_due(world.clock())
    world.clock.advance(minutes=2)
    assert metadata.is_due(world.clock())


def test_one_call_tries_whether_github_is_back(world: World) -> None:
    ready(world, *(f"plugin-{number}" for number in range(12)))
    spoil(world, "hangs")
    assert world.refresh().asked == 10
    world.clock.advance(seconds=61)
    world.hub.forget_counts()
    assert world.refresh().asked == 1
    assert world.calls() == 1
    world.hub.heal()
    world.read_seconds = 5.0
    world.renew_client()
    world.clock.advance(seconds=121)
    assert world.refresh().asked == 24


def test_a_call_that_never_left_costs_nothing(world: World) -> None:
    ready(world)
    world.hub.refuse()
    world.refresh()
    assert token_state(world.clock()).used_last_hour == 0
    world.hub.accept()


def test_a_negative_answer_is_kept_only_where_there_never_was_a_good_one(world: World) -> None:
    ready(world, "one")
    world.hub.fail("/api", status=404)
    world.refresh()
    assert world.rows()["one"]["last_commit"] is None
    assert world.rows()["one"]["stars"] == 3
    world.clock.advance(minutes=29)
    assert world.refresh().asked == 0
    world.hub.heal()
    world.clock.advance(minutes=2)
    world.refresh()
    assert world.rows()["one"]["last_commit"] is not None


def test_a_confirmation_of_nothing_known_is_no_answer(world: World) -> None:
    ready(world, "one")
    world.hub.fail("/api", status=304)
    assert world.refresh().problem is not None
    world.hub.heal()
    world.clock.advance(minutes=3)
    world.refresh()
    assert world.rows()["one"]["last_commit"] is not None


def test_a_wrong_branch_falls_back_to_the_default_one(world: World) -> None:
    ready(world, "one")
    world.hub.repositories["someone/one"].branch = "master"
    world.refresh()
    assert world.rows()["one"]["last_commit"]["message"] == "Change it"
    assert world.rows()["one"]["default_branch"] == "master"
    assert token_state(world.clock()).used_last_hour == world.calls() == 3


@pytest.mark.parametrize("right", [0, 1, 4, 5, 9, 30])
def test_second_questions_fit_into_the_hour_too(world: World, right: int) -> None:
    ready(world, *(f"plugin-{number}" for number in range(30)))
    for repository in list(world.hub.repositories.values())[right:]:
        repository.branch = "master"
    for _ in range(3):
        world.refresh()
        world.clock.advance(minutes=2)
    assert 38 <= world.calls() <= 40
    assert token_state(world.clock()).used_last_hour == world.calls()


def test_a_forced_pass_asks_whatever_the_age(world: World) -> None:
    ready(world)
    world.refresh()
    world.change("one", "changed")
    world.hub.forget_counts()
    world.clock.advance(seconds=1)
    assert world.refresh(force=True).changed == 1
    assert world.calls() == 6


def test_a_forced_pass_asks_also_what_a_wrong_clock_has_dated_ahead(world: World) -> None:
    ready(world)
    world.clock.advance(days=400)
    world.refresh()
    world.clock.advance(days=-400)
    world.hub.forget_counts()
    assert world.refresh(force=True).asked == 6
    assert world.calls() == 6


@pytest.mark.parametrize("how", ["hangs", "refuses", "limits", "breaks", "lies", "cuts"])
def test_a_forced_pass_raises_when_told_to_and_no_backoff_swallows_it(world: World, how: str) -> None:
    ready(world)
    world.refresh()
    spoil(world, how)
    world.clock.advance(seconds=1)
    with pytest.raises(NetworkProblem):
        world.refresh(force=True, raise_on_failure=True)
    with pytest.raises(NetworkProblem):
        world.refresh(force=True, raise_on_failure=True)
    assert world.refresh().problem is None
    if how == "refuses":
        world.hub.accept()


def test_a_forced_pass_says_when_the_hour_is_used_up(world: World) -> None:
    ready(world, *(f"plugin-{number}" for number in range(31)))
    with pytest.raises(NetworkProblem, match="fit into this hour") as caught:
        world.refresh(force=True, raise_on_failure=True)
    assert caught.value.code == "budget-used"
    assert world.calls() == 40


def test_a_restart_asks_nothing(world: World) -> None:
    ready(world)
    world.refresh()
    world.hub.forget_counts()
    world.renew_client()
    assert world.refresh_registry().sources[0].outcome == "fresh"
    assert world.refresh().asked == 0
    assert len(world.rows()) == 3
    assert world.hub.total() == 0


def test_filters_and_reading_cost_no_request(world: World) -> None:
    ready(world)
    world.hub.forget_counts()
    assert [row["id"] for row in catalogue.browse(Wanted(query="two")).results] == ["two"]
    assert catalogue.browse(Wanted(category="weather")).results == []
    assert catalogue.browse(Wanted(tag="clock")).results == []
    assert world.hub.total() == 0


@pytest.mark.parametrize("how", ["hangs", "refuses", "limits", "lies"])
def test_the_page_answers_from_rows_whatever_github_does(world: World, how: str) -> None:
    ready(world)
    world.refresh()
    spoil(world, how)
    world.hub.forget_counts()
    world.clock.advance(days=3)
    answer = client_of(Role.VIEWER).get("/api/v3/plugins/store/list")
    assert [row["last_commit"]["message"] for row in answer.json()["results"]] == ["Change it"] * 3
    assert world.hub.total() == 0
    if how == "refuses":
        world.hub.accept()


def test_one_at_a_time_or_ten_the_rows_are_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.use_token()
    world.offer_monorepo("clock", "weather")
    ready(world, *(f"plugin-{number}" for number in range(12)))
    world.hub.latency = 0.01
    world.refresh()
    together, peak = list(world.rows().values()), world.hub.peak
    for model in (HttpCacheEntry, RepositoryFacts, CommitFacts):
        model.objects.filter().delete()
    monkeypatch.setattr(metadata, "AT_ONCE", 1)
    world.hub.forget_counts()
    world.refresh()
    assert (peak >= 2, world.hub.peak) == (True, 1)
    assert list(world.rows().values()) == together


def test_a_clock_that_was_wrong_blocks_nothing(world: World) -> None:
    ready(world)
    world.clock.advance(days=400)
    world.refresh()
    world.clock.advance(days=-400)
    world.settings.LEDSITE = dataclasses.replace(world.settings.LEDSITE)
    assert metadata.is_due(world.clock())
    assert world.refresh().asked > 0
