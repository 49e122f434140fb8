"""What the fake GitHub counts: requests by path, how many run at once, connections, and calls of its API as GitHub limits them."""

from __future__ import annotations

import bisect
import threading
import time
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate


class Counting:
    """Counters that the threads of a server share."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: Counter[str] = Counter()
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.connections = 0
        self.peak = 0
        self.clock: Callable[[], float] = time.time
        self.api_budget = 60
        self.api_calls: list[float] = []
        self.limited = 0
        self._api_hours: dict[tuple[str, int], int] = {}
        self._in_flight = 0

    def total(self, prefix: str = "/") -> int:
        """Return how many requests began with `prefix`."""
        with self.lock:
            return sum(count for path, count in self.counts.items() if path.startswith(prefix))

    def busiest_hour(self) -> int:
        """Return the most API calls of any sixty minutes, whatever became of them: redirects, failures, 304s count too."""
        with self.lock:
            made = sorted(self.api_calls)
        return max((bisect.bisect_right(made, first + 3600 - 0.001) - place for place, first in enumerate(made)), default=0)

    def use_api_call(self, authorization: str) -> dict[str, str]:
        """Count a call as GitHub does: by token or without one, in windows of one hour; return the headers that tell of it."""
        hour, limit = int(self.clock() // 3600), 5000 if authorization else self.api_budget
        with self.lock:
            self.api_calls.append(self.clock())
            used = self._api_hours[authorization, hour] = self._api_hours.get((authorization, hour), 0) + 1
            self.limited += used > limit
        left = max(limit - used, 0) if used <= limit else -1
        reset = {"X-RateLimit-Reset": str((hour + 1) * 3600), "Date": formatdate(self.clock(), usegmt=True)}
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left), **reset}

    def forget_counts(self) -> None:
        """Begin counting anew."""
        with self.lock:
            self.counts.clear()
            self.requests.clear()
            self._api_hours.clear()
            self.api_calls.clear()
            self.connections = self.peak = self.limited = 0

    def enter(self, path: str, headers: dict[str, str]) -> None:
        """Count a request that begins."""
        with self.lock:
            self.counts[path] += 1
            self.requests.append((path, headers))
            self._in_flight += 1
            self.peak = max(self.peak, self._in_flight)

    def leave(self) -> None:
        """Count a request that ends."""
        with self.lock:
            self._in_flight -= 1
