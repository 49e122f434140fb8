"""A plugin asks to be shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from display_app.runtime.cache import CacheManager
from display_app.runtime.on_demand import DISK_SECONDS, REQUEST_KEY, OnDemandRequest, OnDemandRequests

START = {"request_id": "r1", "action": "start", "plugin_id": "mqtt", "mode": "mqtt_notification", "duration": 20, "pinned": False}


@pytest.fixture
def cache(tmp_path: Path) -> CacheManager:
    return CacheManager(tmp_path)


def test_a_request_is_taken_once(cache: CacheManager) -> None:
    requests = OnDemandRequests(cache)
    assert requests.take() is None
    cache.set(REQUEST_KEY, START, max_age=3600)
    assert requests.take() == OnDemandRequest("r1", "start", "mqtt", "mqtt_notification", 20.0, False)
    assert requests.take() is None


def test_the_same_start_is_not_taken_again_after_a_restart_but_a_stop_always_is(cache: CacheManager, tmp_path: Path) -> None:
    cache.set(REQUEST_KEY, START)
    assert OnDemandRequests(cache).take() is not None
    later = CacheManager(tmp_path)
    later.set(REQUEST_KEY, START)
    assert OnDemandRequests(later).take() is None
    for _ in range(2):
        later.set(REQUEST_KEY, START | {"action": "stop"})
        assert OnDemandRequests(later).take() == OnDemandRequest("r1", "stop", "mqtt", "mqtt_notification", 20.0, False)


def test_another_request_id_is_another_request(cache: CacheManager) -> None:
    requests = OnDemandRequests(cache)
    for request_id in ("a", "b", ""):
        cache.set(REQUEST_KEY, START | {"request_id": request_id})
        assert requests.take() is not None


@pytest.mark.parametrize("raw", ["start", [], {}, {"action": "dance"}, {"action": None}])
def test_what_cannot_be_read_is_dropped(cache: CacheManager, raw: Any) -> None:
    cache.set(REQUEST_KEY, raw)
    assert OnDemandRequests(cache).take() is None
    assert cache.get(REQUEST_KEY) is None


@pytest.mark.parametrize(("duration", "expected"), [(None, None), (0, None), (-5, None), ("20", None), (True, None), (2.5, 2.5)])
def test_a_duration_is_a_positive_number_or_open(cache: CacheManager, duration: Any, expected: float | None) -> None:
    cache.set(REQUEST_KEY, {"action": "start", "duration": duration})
    assert OnDemandRequests(cache).take() == OnDemandRequest("", "start", "", None, expected, False)


def test_an_old_request_is_not_taken(cache: CacheManager, tmp_path: Path) -> None:
    past = CacheManager(tmp_path, clock=lambda: 0.0)
    past.set(REQUEST_KEY, START)
    assert OnDemandRequests(CacheManager(tmp_path)).take() is None


def test_what_another_process_left_on_the_disk_is_found_though_not_at_once(cache: CacheManager, tmp_path: Path) -> None:
    now = [100.0]
    requests = OnDemandRequests(cache, clock=lambda: now[0])
    assert requests.take() is None
    CacheManager(tmp_path).set(REQUEST_KEY, START)
    now[0] += DISK_SECONDS - 0.1
    assert requests.take() is None
    now[0] += 0.1
    assert requests.take() is not None
