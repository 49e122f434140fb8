"""Counts of what a plugin's cache was asked, for plugins that report on themselves."""

from __future__ import annotations

from collections import Counter
from typing import Any


class CacheCounts:
    """Hits and misses by kind (`regular`, `background`), and how long fetching took, in seconds."""

    def __init__(self) -> None:
        self._hits: Counter[str] = Counter()
        self._misses: Counter[str] = Counter()
        self._fetches: list[float] = [0, 0.0]

    def hit(self, kind: str) -> None:
        """Count an answer out of the cache."""
        self._hits[kind] += 1

    def miss(self, kind: str) -> None:
        """Count a question that the cache could not answer."""
        self._misses[kind] += 1

    def fetched(self, seconds: float) -> None:
        """Count a fetch."""
        self._fetches = [self._fetches[0] + 1, self._fetches[1] + seconds]

    def summary(self) -> dict[str, Any]:
        """Return totals, shares of hits and the average fetch."""
        count, seconds = self._fetches
        return {
            "total_requests": self._hits.total() + self._misses.total(),
            "cache_hit_rate": _share(self._hits.total(), self._misses.total()),
            "background_hit_rate": _share(self._hits["background"], self._misses["background"]),
            "fetch_count": int(count),
            "total_fetch_time": seconds,
            "average_fetch_time": seconds / count if count else 0.0,
        }


def _share(hits: int, misses: int) -> float:
    return hits / (hits + misses) if hits + misses else 0.0
