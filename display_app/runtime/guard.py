"""The edge between our code and plugin code, for calls whose errors the plugin contract says are swallowed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

logger = logging.getLogger(__name__)
T = TypeVar("T")


def tolerate(call: Callable[[], T], *, fallback: T, what: str) -> T:
    """Return `call()`, or log the traceback and return `fallback` when the plugin code behind it raises anything."""
    try:
        return call()
    except Exception:  # plugin code may raise anything, and the contract names the answer for it
        logger.exception("%s failed", what)
        return fallback
