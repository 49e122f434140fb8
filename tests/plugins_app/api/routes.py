"""Every address below /api/v3/ as the resolver knows it."""

from __future__ import annotations

import re

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver


def routes() -> set[str]:
    """Return them without trailing slashes, parameters as `*`."""
    found: set[str] = set()

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for entry in patterns:
            here = prefix + str(entry.pattern).strip("^$").replace("/?", "")
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, here)
            elif here.startswith("api/v3/"):
                found.add(re.sub(r"<[^>]*>", "*", here.removeprefix("api/v3/")).rstrip("/"))

    walk(get_resolver().url_patterns, "")
    return found
