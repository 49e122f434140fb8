"""Compares versions as PEP 440 does, with `v` prefixes and missing parts forgiven."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.version import InvalidVersion, Version


def is_newer(latest: str, installed: str) -> bool:
    """Tell whether `latest` is an update of `installed`; two texts that cannot be compared are one when they differ."""
    latest, installed = latest.strip(), installed.strip()
    if not latest:
        return False
    try:
        return Version(latest) > Version(installed)
    except InvalidVersion:
        return latest != installed


def newest_first(versions: Iterable[str]) -> list[str]:
    """Return versions in order; as they came when one of them cannot be compared."""
    found = list(versions)
    try:
        return sorted(found, key=Version, reverse=True)
    except InvalidVersion:
        return found
