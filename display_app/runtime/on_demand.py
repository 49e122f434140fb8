"""A plugin's wish to be shown now: the cache entry `display_on_demand_request` that it writes, read once (contract 5.6)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from display_app.runtime.cache import CacheManager

REQUEST_KEY = "display_on_demand_request"
PROCESSED_KEY = "display_on_demand_processed_id"
MAX_AGE_SECONDS = 3600
DISK_SECONDS = 5.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OnDemandRequest:
    """What a plugin asks for: `action` is start or stop, `duration` seconds or None for "until stopped"."""

    request_id: str
    action: str
    plugin_id: str
    mode: str | None
    duration: float | None
    pinned: bool


class OnDemandRequests:
    """Takes requests out of one plugin's cache; a start that was taken before is not taken again, a stop always is."""

    def __init__(self, cache: CacheManager, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._cache = cache
        self._clock = clock
        self._look_at = 0.0

    def take(self) -> OnDemandRequest | None:
        """Return the waiting request and remove it, None when there is none or it cannot be read."""
        if not self._is_worth_a_look():
            return None
        raw = self._cache.get(REQUEST_KEY, max_age=MAX_AGE_SECONDS)
        if raw is None:
            return None
        self._cache.delete(REQUEST_KEY)
        request = _parse(raw)
        if request is None:
            logger.warning("Dropped an on-demand request that cannot be read: %r", raw)
            return None
        if request.action == "start" and request.request_id:
            if self._cache.get(PROCESSED_KEY, max_age=MAX_AGE_SECONDS) == request.request_id:
                return None
            self._cache.set(PROCESSED_KEY, request.request_id, ttl=MAX_AGE_SECONDS)
        return request

    def _is_worth_a_look(self) -> bool:
        """Tell whether there may be a request: asked every second, and hardly ever can only the disk know of one."""
        now = self._clock()
        if now < self._look_at and not self._cache.has_in_memory(REQUEST_KEY):
            return False
        self._look_at = now + DISK_SECONDS
        return True


def _parse(raw: Any) -> OnDemandRequest | None:
    if not isinstance(raw, dict) or raw.get("action") not in {"start", "stop"}:
        return None
    return OnDemandRequest(
        request_id=str(raw.get("request_id") or ""),
        action=raw["action"],
        plugin_id=str(raw.get("plugin_id") or ""),
        mode=str(raw["mode"]) if raw.get("mode") else None,
        duration=_positive_seconds(raw.get("duration")),
        pinned=bool(raw.get("pinned", False)),
    )


def _positive_seconds(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and value > 0 else None
