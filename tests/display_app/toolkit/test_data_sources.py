"""Games, schedules and standings."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest

from display_app.toolkit.data_sources import ESPNDataSource


@pytest.fixture
def source(service: Any) -> ESPNDataSource:
    made = ESPNDataSource(logging.getLogger("test"))
    made.base_url = service.url
    return made


def test_live_games_are_those_in_play(source: ESPNDataSource, service: Any) -> None:
    events = [{"id": state, "status": {"type": {"state": state}}} for state in ("pre", "in", "post")]
    service.answer("/baseball/mlb/scoreboard", {"events": [*events, {}, {"status": None}, "odd"]})
    assert [event["id"] for event in source.fetch_live_games("baseball", "mlb")] == ["in"]


def test_a_schedule_is_asked_for_by_days(source: ESPNDataSource, service: Any) -> None:
    service.answer("/baseball/mlb/scoreboard", {"events": [{"id": 1}]})
    assert source.fetch_schedule("baseball", "mlb", (date(2026, 8, 1), date(2026, 8, 9))) == [{"id": 1}]
    assert service.paths == ["/baseball/mlb/scoreboard?dates=20260801-20260809&limit=1000"]


def test_standings_come_as_they_are(source: ESPNDataSource, service: Any) -> None:
    service.answer("/baseball/mlb/standings", {"children": []})
    assert source.fetch_standings("baseball", "mlb") == {"children": []}


@pytest.mark.parametrize("answer", [(500, b""), (200, b"<html>"), [], {"events": None}, None])
def test_errors_are_empty(source: ESPNDataSource, service: Any, answer: Any) -> None:
    for path in ("scoreboard", "standings"):
        service.answer(f"/baseball/mlb/{path}", answer)
    assert source.fetch_live_games("baseball", "mlb") == []
    assert source.fetch_schedule("baseball", "mlb", (date(2026, 8, 1), date(2026, 8, 9))) == []
    assert source.fetch_standings("baseball", "mlb") in ({}, {"events": None})


def test_it_names_itself_with_an_address(source: ESPNDataSource, service: Any) -> None:
    source.fetch_standings("baseball", "mlb")
    assert "https://" in service.requests[0][1]["User-Agent"]
    assert "https://" in source.get_headers()["User-Agent"]
