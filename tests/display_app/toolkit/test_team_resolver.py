"""Ranked teams by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from display_app.toolkit import team_resolver
from display_app.toolkit.team_resolver import DynamicTeamResolver

RANKS = [{"current": place, "team": {"abbreviation": f"T{place}"}} for place in range(25, 0, -1)]


@pytest.fixture(autouse=True)
def espn(service: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(team_resolver, "RANKINGS", f"{service.url}/rankings")
    service.answer("/rankings", {"rankings": [{"ranks": RANKS}, {"ranks": []}]})
    yield service
    DynamicTeamResolver._ranking, DynamicTeamResolver._fetched_at = [], None


def test_names_become_teams_in_order_each_once() -> None:
    teams = DynamicTeamResolver().resolve_teams(["T2", "AP_TOP_5", "UGA", "AP_TOP_5", "UGA"])
    assert teams == ["T2", "T1", "T3", "T4", "T5", "UGA"]


def test_the_sizes_of_the_polls() -> None:
    resolver = DynamicTeamResolver(request_timeout=5, cache_manager=object())
    assert [len(resolver.resolve_teams([name])) for name in ("AP_TOP_25", "AP_TOP_10", "AP_TOP_5")] == [25, 10, 5]


def test_unknown_dynamic_names_are_dropped() -> None:
    assert DynamicTeamResolver().resolve_teams(["AP_TOP_99", "TOP_3", "RANKED_X", "PLAYOFF_Y", "LSU"], sport="ncaa_fb") == ["LSU"]


def test_espn_is_asked_once_for_all_resolvers_and_not_without_need(espn: Any) -> None:
    DynamicTeamResolver().resolve_teams(["LSU"])
    assert espn.paths == []
    for _ in range(3):
        DynamicTeamResolver(request_timeout=5).resolve_teams(["AP_TOP_10"])
    assert espn.paths == ["/rankings"]


@pytest.mark.parametrize("answer", [(500, b""), (200, b"<html>"), {}, {"rankings": []}, {"rankings": [{"ranks": [{}]}]}])
def test_without_an_answer_they_vanish(espn: Any, answer: Any) -> None:
    espn.answer("/rankings", answer)
    assert DynamicTeamResolver().resolve_teams(["AP_TOP_25", "LSU"]) == ["LSU"]


def test_no_teams() -> None:
    assert DynamicTeamResolver().resolve_teams([]) == []
