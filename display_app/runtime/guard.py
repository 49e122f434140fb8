"""The edge between our code and plugin code, for calls whose errors the plugin contract says are swallowed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

logger = logging.getLogger(__name__)
T = TypeVar("T")

REPEAT_SECONDS = 60.0
_last: dict[str, tuple[str, float]] = {}


def tolerate(call: Callable[[], T], *, fallback: T, what: str) -> T:
    """Return `call()`, or log the traceback and return `fallback` when the plugin code behind it raises anything."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - plugin code may raise anything, and the contract names the answer for it
        report(error, what=what)
        return fallback


def report(error: BaseException, *, what: str) -> None:
    """Log that `what` failed, with the traceback; the same error again within a minute only at debug level (hooks are asked often)."""
    text, now = repr(error), time.monotonic()
    known, since = _last.get(what, ("", 0.0))
    is_repeated = known == text and now - since < REPEAT_SECONDS
    if not is_repeated:
        _last[what] = (text, now)
    logger.log(logging.DEBUG if is_repeated else logging.ERROR, "%s failed", what, exc_info=error)
