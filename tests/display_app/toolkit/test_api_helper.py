"""JSON from web services."""

from __future__ import annotations

import time
from typing import Any

import pytest

from display_app.toolkit import api_helper
from display_app.toolkit.api_helper import APIHelper


@pytest.fixture
def helper(cache: Any) -> APIHelper:
    helper = APIHelper(cache, max_retries=0)
    helper.set_rate_limit(0)
    return helper


def test_it_returns_what_the_service_says_and_names_itself_with_an_address(helper: APIHelper, service: Any) -> None:
    service.answer("/a", {"b": [1]})
    assert helper.get(f"{service.url}/a", params={"q": "x y"}, headers={"X-Own": "1"}) == {"b": [1]}
    path, headers = service.requests[0]
    assert (path, headers["X-Own"]) == ("/a?q=x+y", "1")
    assert "https://" in headers["User-Agent"]


def test_with_a_key_it_asks_once(helper: APIHelper, service: Any, cache: Any) -> None:
    service.answer("/a", {"b": 1})
    for _ in range(3):
        assert helper.get(f"{service.url}/a", cache_key="key", cache_ttl=77) == {"b": 1}
    assert (len(service.requests), cache.lifetimes["key"]) == (1, 77)
    assert helper.get_request_stats() == {"requests": 1, "failures": 0, "cache_hits": 2}


@pytest.mark.parametrize("answer", [(404, b"{}"), (500, b"{}"), (200, b"<html>"), (200, b"")])
def test_what_goes_wrong_is_none_and_not_kept(helper: APIHelper, service: Any, cache: Any, answer: tuple[int, bytes]) -> None:
    service.answer("/a", answer)
    assert helper.get(f"{service.url}/a", cache_key="key") is None
    assert cache.values == {}
    assert helper.get_request_stats()["failures"] == 1


def test_nobody_there_is_none(helper: APIHelper, nowhere: str) -> None:
    assert helper.get(nowhere) is None


def test_a_busy_service_is_asked_again(cache: Any, service: Any) -> None:
    service.answer("/a", (503, b""), {"b": 1})
    assert APIHelper(cache, max_retries=1).get(f"{service.url}/a") == {"b": 1}


def test_it_works_without_a_cache(service: Any) -> None:
    service.answer("/a", 1)
    helper = APIHelper()
    assert helper.get(f"{service.url}/a", cache_key="key") == 1
    helper.clear_cache()
    assert helper.get_cache("key") is None


def test_posting(helper: APIHelper, service: Any) -> None:
    assert helper.post(f"{service.url}/p", data={"a": 1}) == {"echo": "a=1"}
    assert helper.post(f"{service.url}/j", json_data={"a": 1}) == {"echo": '{"a": 1}'}


def test_espn_addresses(helper: APIHelper, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_helper, "ESPN_SITE", service.url)
    helper.fetch_espn_scoreboard("football", "nfl", "20260801")
    helper.fetch_espn_standings("football", "nfl")
    helper.fetch_espn_rankings("football", "college-football")
    assert service.paths == ["/football/nfl/scoreboard?dates=20260801", "/football/nfl/standings", "/football/college-football/rankings"]


def test_requests_keep_their_distance(cache: Any, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    helper = APIHelper(cache)
    service.answer("/a", 1)
    for _ in range(3):
        helper.get(f"{service.url}/a")
    assert naps[0] == 0
    assert 0 < naps[1] <= 1
    assert 1 < naps[2] <= 2
