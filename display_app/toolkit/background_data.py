"""BackgroundDataService: fetches seasons and schedules in threads of its own and tells the plugin when they are there (contract 1.9)."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import requests

from display_app.runtime.guard import tolerate
from display_app.toolkit.http import get_json, new_session

logger = logging.getLogger(__name__)

DEFAULT_TIMEOUT = 30.0
FIRST_WAIT_SECONDS = 1.0
REMEMBERED = 200


class FetchStatus(Enum):
    """Where a request stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass
class FetchResult:
    """What came of a request: `data` when `success`, else `error`; `fetch_time` in seconds, `completed_at` in seconds since 1970."""

    request_id: str
    success: bool
    data: Any = None
    error: str | None = None
    cached: bool = False
    fetch_time: float = 0.0
    retry_count: int = 0
    completed_at: float = field(default_factory=time.time)


@dataclass
class FetchRequest:
    """What is to be fetched, and who wants to know."""

    request_id: str
    sport: str
    year: int
    url: str
    cache_key: str
    params: dict[str, Any] | None = None
    headers: dict[str, str] | None = None
    timeout: float = DEFAULT_TIMEOUT
    max_retries: int = 3
    priority: int = 1
    callback: Callable[[FetchResult], Any] | None = None
    status: FetchStatus = FetchStatus.PENDING


class BackgroundDataService:
    """A few daemon threads that take requests by priority (small numbers first), keep answers in the cache and call back."""

    def __init__(self, cache_manager: Any, max_workers: int = 3, request_timeout: float = DEFAULT_TIMEOUT) -> None:
        self.cache_manager = cache_manager
        self.request_timeout = request_timeout
        self._session = new_session(retries=0)
        self._queue: queue.PriorityQueue[tuple[int, int, FetchRequest | None]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._requests: OrderedDict[str, FetchRequest] = OrderedDict()
        self._results: OrderedDict[str, FetchResult] = OrderedDict()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._counts = {"total_requests": 0, "completed_requests": 0, "failed_requests": 0, "cached_hits": 0}
        self._threads = [threading.Thread(target=self._work, name=f"BackgroundData-{n}", daemon=True) for n in range(max(1, max_workers))]
        for thread in self._threads:
            thread.start()

    # -- what plugins call

    def submit_fetch_request(
        self,
        sport: str,
        year: int,
        url: str,
        cache_key: str | None = None,
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        timeout: float | None = None,
        max_retries: int = 3,
        priority: int = 1,
        callback: Callable[[FetchResult], Any] | None = None,
    ) -> str:
        """Fetch a JSON object with a list `events` and return the request's id.

        When the cache has it, `callback` is called before this returns; otherwise later, on a thread of this service.
        Failures are retried `max_retries` times after 1, 2, 4 s.
        """
        request = FetchRequest(
            request_id=uuid.uuid4().hex,
            sport=sport,
            year=year,
            url=url,
            cache_key=cache_key or f"{sport}_{year}",
            params=params,
            headers=headers,
            timeout=timeout or self.request_timeout,
            max_retries=max_retries,
            priority=priority,
            callback=callback,
        )
        with self._lock:
            self._counts["total_requests"] += 1
            _keep(self._requests, request.request_id, request)
        cached = self.cache_manager.get(request.cache_key)
        if cached:
            self._finish(request, FetchResult(request.request_id, success=True, data=cached, cached=True))
        else:
            self._queue.put((priority, next(self._order), request))
        return request.request_id

    def get_result(self, request_id: str) -> FetchResult | None:
        """Return what came of a request, None while it is under way or unknown."""
        return self._results.get(request_id)

    def is_request_complete(self, request_id: str) -> bool:
        """Tell whether a request has ended, in whatever way."""
        return request_id in self._results

    def get_request_status(self, request_id: str) -> FetchStatus | None:
        """Return where a request stands, None when unknown."""
        request = self._requests.get(request_id)
        return request.status if request is not None else None

    def cancel_request(self, request_id: str) -> bool:
        """Take back a request that no thread has begun; False when it is too late."""
        with self._lock:
            request = self._requests.get(request_id)
            if request is None or request.status is not FetchStatus.PENDING:
                return False
            request.status = FetchStatus.CANCELLED
            return True

    def get_statistics(self) -> dict[str, Any]:
        """Return counts of requests and of threads."""
        return {**self._counts, "queue_size": self._queue.qsize(), "active_workers": sum(t.is_alive() for t in self._threads)}

    def shutdown(self, wait: bool = True) -> None:
        """End the threads; with `wait`, after the requests that they are at."""
        self._stopping.set()
        for _ in self._threads:
            self._queue.put((-1, next(self._order), None))
        for thread in self._threads if wait else ():
            thread.join()

    # -- inside

    def _work(self) -> None:
        while not self._stopping.is_set():
            request = self._queue.get()[2]
            if request is not None and self._begin(request):
                self._finish(request, self._fetch(request))

    def _begin(self, request: FetchRequest) -> bool:
        with self._lock:
            if request.status is not FetchStatus.PENDING:
                return False
            request.status = FetchStatus.IN_PROGRESS
            return True

    def _fetch(self, request: FetchRequest) -> FetchResult:
        started = time.monotonic()
        error = "stopped"
        for attempt in range(request.max_retries + 1):
            if attempt and self._stopping.wait(wait_before(attempt)):
                break
            try:
                data = self._fetch_events(request)
            except (requests.RequestException, ValueError) as problem:
                error = str(problem)
                continue
            self.cache_manager.set(request.cache_key, data)
            return FetchResult(request.request_id, success=True, data=data, fetch_time=time.monotonic() - started, retry_count=attempt)
        return FetchResult(
            request.request_id, success=False, error=error, fetch_time=time.monotonic() - started, retry_count=request.max_retries
        )

    def _fetch_events(self, request: FetchRequest) -> dict[str, Any]:
        data = get_json(self._session, request.url, timeout=request.timeout, params=request.params, headers=request.headers)
        if not isinstance(data, dict) or not isinstance(data.get("events"), list):
            raise ValueError("the answer has no list of events")
        return data

    def _finish(self, request: FetchRequest, result: FetchResult) -> None:
        with self._lock:
            request.status = FetchStatus.COMPLETED if result.success else FetchStatus.FAILED
            self._counts["cached_hits" if result.cached else "completed_requests" if result.success else "failed_requests"] += 1
            _keep(self._results, request.request_id, result)
        callback = request.callback
        if callback is not None:
            tolerate(lambda: callback(result), fallback=None, what="the callback of a background fetch")


def wait_before(attempt: int) -> float:
    """Return the seconds before the first, second, third... repetition: 1, 2, 4..."""
    return FIRST_WAIT_SECONDS * float(2 ** (attempt - 1))


def _keep(store: OrderedDict[str, Any], key: str, value: Any) -> None:
    store[key] = value
    if len(store) > REMEMBERED:
        store.popitem(last=False)


_service: BackgroundDataService | None = None
_service_lock = threading.Lock()


def get_background_service(cache_manager: Any = None, max_workers: int = 3) -> BackgroundDataService:
    """Return the one service of this process, made by the first call; ValueError when that has no cache manager."""
    global _service
    with _service_lock:
        if _service is None:
            if cache_manager is None:
                raise ValueError("The first call of get_background_service needs a cache manager")
            _service = BackgroundDataService(cache_manager, max_workers)
        return _service


def shutdown_background_service() -> None:
    """End the service of this process, if there is one, without waiting."""
    global _service
    with _service_lock:
        service, _service = _service, None
    if service is not None:
        service.shutdown(wait=False)
