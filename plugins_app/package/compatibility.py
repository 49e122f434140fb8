"""Whether a plugin says that it works with the plugin interface that we offer."""

from __future__ import annotations

import re
from typing import Any

HOST_API_VERSION = "3.2.0"

_NUMBERS = re.compile(r"v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?")
_RANGE = re.compile(r"(>=|<=|>|<|~|\^|==|=)?\s*(v?[\d.]+)")
_SPAN = re.compile(r"(v?[\d.]+)\s+-\s+(v?[\d.]+)")

Triple = tuple[int, int, int]


def incompatibility(manifest_raw: dict[str, Any]) -> str | None:
    """Say in one sentence why the plugin does not fit, or nothing; what cannot be parsed fits."""
    host = _triple(HOST_API_VERSION) or (0, 0, 0)
    ranges = manifest_raw.get("compatible_versions")
    answers = [_accepts(entry, host) for entry in ranges] if isinstance(ranges, list) else []
    known = [answer for answer in answers if answer is not None]
    if known and not any(known) and isinstance(ranges, list):
        wanted = ", ".join(str(entry) for entry in ranges)[:120]
        return f"It works with plugin interface {wanted}; this is {HOST_API_VERSION}."
    floor = _declared_floor(manifest_raw)
    if floor is not None and (wanted_floor := _triple(floor)) is not None and wanted_floor > host:
        return f"It needs plugin interface {floor} or newer; this is {HOST_API_VERSION}."
    return None


def wanted_interface(manifest_raw: dict[str, Any]) -> str:
    """Return which plugin interface a plugin asks for, in its own words; empty when it asks for none."""
    ranges = manifest_raw.get("compatible_versions")
    texts = [text.strip() for text in ranges if isinstance(text, str) and text.strip()] if isinstance(ranges, list) else []
    floor = _declared_floor(manifest_raw)
    return ", ".join(texts)[:120] or (f"{floor[:40]} or newer" if floor else "")


def _accepts(entry: object, host: Triple) -> bool | None:
    """Tell whether one range accepts the host; None when the range cannot be read."""
    text = entry.strip() if isinstance(entry, str) else ""
    if span := _SPAN.fullmatch(text):
        low, high = _triple(span[1]), _triple(span[2])
        return None if low is None or high is None else low <= host <= high
    match = _RANGE.fullmatch(text)
    wanted = _triple(match[2]) if match else None
    if match is None or wanted is None:
        return None
    return _compare(match[1] or "==", host, wanted)


def _compare(operator: str, host: Triple, wanted: Triple) -> bool:
    if operator == "~":
        return host[:2] == wanted[:2] and host >= wanted
    if operator == "^":
        return host[0] == wanted[0] and host >= wanted
    outcomes = {">=": host >= wanted, "<=": host <= wanted, ">": host > wanted, "<": host < wanted}
    return outcomes.get(operator, host == wanted)


def _declared_floor(raw: dict[str, Any]) -> str | None:
    requires, versions = raw.get("requires"), raw.get("versions")
    newest = versions[0] if isinstance(versions, list) and versions and isinstance(versions[0], dict) else {}
    candidates = (
        raw.get("min_ledmatrix_version"),
        requires.get("min_ledmatrix_version") if isinstance(requires, dict) else None,
        newest.get("ledmatrix_min_version"),
        newest.get("ledmatrix_min"),
    )
    return next((text for text in candidates if isinstance(text, str) and text), None)


def _triple(text: str) -> Triple | None:
    match = _NUMBERS.fullmatch(text.strip())
    if match is None:
        return None
    major, minor, patch = (int(number or 0) for number in match.groups())
    return major, minor, patch
