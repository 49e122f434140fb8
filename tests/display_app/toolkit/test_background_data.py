"""Schedules fetched in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from display_app.toolkit import background_data
from display_app.toolkit.background_data import (
    BackgroundDataService,
    FetchResult,
    FetchStatus,
    get_background_service,
    shutdown_background_service,
    wait_before,
)

LIMIT = 10


@pytest.fixture
def fetcher(cache: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[BackgroundDataService]:
    monkeypatch.setattr(background_data, "FIRST_WAIT_SECONDS", 0.01)
    running = BackgroundDataService(cache, max_workers=1)
    yield running
    running.shutdown()


class Answer:
    """A callback that can be waited for."""

    def __init__(self) -> None:
        self.result: FetchResult | None = None
        self.thread = ""
        self._came = threading.Event()

    def __call__(self, result: FetchResult) -> None:
        self.result, self.thread = result, threading.current_thread().name
        self._came.set()

    def wait(self) -> FetchResult:
        assert self._came.wait(LIMIT)
        assert self.result is not None
        return self.result


@pytest.fixture
def submit(fetcher: BackgroundDataService, service: Any) -> Callable[..., tuple[str, Answer]]:
    def run(path: str = "/schedule", **details: Any) -> tuple[str, Answer]:
        answer = Answer()
        request = {"sport": "nfl", "year": 2026, "url": service.url + path, "cache_key": "key", "callback": answer, "max_retries": 0}
        return fetcher.submit_fetch_request(**request | details), answer

    return run


def test_the_answer_is_kept_and_told_on_a_thread_of_the_service(
    fetcher: BackgroundDataService, submit: Any, service: Any, cache: Any
) -> None:
    service.answer("/schedule", {"events": [1, 2]})
    request_id, answer = submit(params={"dates": "2026"}, headers={"X-Own": "1"}, timeout=5, priority=2)
    result = answer.wait()
    assert (result.success, result.data, result.error, result.cached, result.retry_count) == (True, {"events": [1, 2]}, None, False, 0)
    assert answer.thread.startswith("BackgroundData")
    assert cache.values == {"key": {"events": [1, 2]}}
    assert service.paths == ["/schedule?dates=2026"]
    assert fetcher.get_result(request_id) is result
    assert fetcher.is_request_complete(request_id) is True
    assert fetcher.get_request_status(request_id) is FetchStatus.COMPLETED


def test_what_the_cache_has_is_told_before_submit_returns(submit: Any, service: Any, cache: Any) -> None:
    cache.values["key"] = {"events": [3]}
    _, answer = submit()
    assert (answer.result.success, answer.result.data, answer.result.cached) == (True, {"events": [3]}, True)
    assert answer.thread == threading.current_thread().name
    assert service.paths == []


@pytest.mark.parametrize("body", [[], {"events": None}, {}, b"<html>"])
def test_an_answer_without_events_is_a_failure_and_not_kept(submit: Any, service: Any, cache: Any, body: Any) -> None:
    service.answer("/schedule", body)
    result = submit()[1].wait()
    assert (result.success, result.data) == (False, None)
    assert result.error
    assert cache.values == {}


def test_it_tries_again_as_often_as_told(submit: Any, service: Any) -> None:
    service.answer("/schedule", (500, b""), (500, b""), {"events": []})
    result = submit(max_retries=2)[1].wait()
    assert (result.success, result.retry_count, len(service.paths)) == (True, 2, 3)
    service.answer("/schedule", (500, b""))
    result = submit(max_retries=1, cache_key="other")[1].wait()
    assert (result.success, len(service.paths)) == (False, 5)


def test_it_waits_longer_each_time() -> None:
    assert [wait_before(attempt) for attempt in (1, 2, 3)] == [1, 2, 4]


def test_a_callback_that_raises_does_not_end_the_thread(submit: Any, service: Any) -> None:
    def fail(result: FetchResult) -> None:
        raise RuntimeError("plugin error")

    service.answer("/schedule", {"events": []})
    submit(callback=fail, cache_key="a")
    assert submit(cache_key="b")[1].wait().success is True


def test_small_priorities_go_first_and_waiting_ones_can_be_cancelled(fetcher: BackgroundDataService, submit: Any, service: Any) -> None:
    service.answer("/schedule", {"events": []})
    holding, entered = threading.Event(), threading.Event()

    def hold(result: FetchResult) -> None:
        entered.set()
        holding.wait(LIMIT)

    submit(callback=hold, cache_key="first")
    assert entered.wait(LIMIT)
    order: list[str] = []
    answers = []
    for name, priority in (("late", 3), ("soon", 1), ("never", 2)):
        request_id, answer = submit(cache_key=name, priority=priority, params={"n": name})
        answers.append(answer)
    assert fetcher.cancel_request(request_id) is True
    assert fetcher.get_request_status(request_id) is FetchStatus.CANCELLED
    holding.set()
    answers[0].wait()
    order = [path.split("=")[1] for path in service.paths if "=" in path]
    assert order == ["soon", "late"]
    assert fetcher.cancel_request(request_id) is False
    assert fetcher.cancel_request("unknown") is False


def test_without_a_key_sport_and_year_are_the_key(submit: Any, service: Any, cache: Any) -> None:
    service.answer("/schedule", {"events": []})
    submit(cache_key=None)[1].wait()
    assert list(cache.values) == ["nfl_2026"]


def test_statistics(fetcher: BackgroundDataService, submit: Any, service: Any, cache: Any) -> None:
    service.answer("/schedule", {"events": [1]})
    submit()[1].wait()
    submit()[1].wait()
    submit(path="/none", cache_key="other")[1].wait()
    counts = fetcher.get_statistics()
    assert [counts[name] for name in ("total_requests", "completed_requests", "cached_hits", "failed_requests")] == [3, 1, 1, 1]
    assert counts["active_workers"] == 1


def test_there_is_one_service_and_the_first_call_needs_a_cache(cache: Any) -> None:
    with pytest.raises(ValueError, match="cache"):
        get_background_service()
    first = get_background_service(cache, max_workers=1)
    assert get_background_service() is get_background_service(None, 3) is first
    shutdown_background_service()
    shutdown_background_service()
    with pytest.raises(ValueError, match="cache"):
        get_background_service()
