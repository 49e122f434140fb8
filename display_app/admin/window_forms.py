"""Windows of time as rows of a form: the ones that are there and an empty one; a row without times is no window."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict

from display_app.rotation.schedule import DAYS, MOST_WINDOWS

DAY_NAMES = tuple((day, day.capitalize()) for day in DAYS)
SETTINGS = {"schedule": "schedules", "dimming": "dimming"}
DIM_BRIGHTNESS = 20


def rows_of(kind: str, windows: Any) -> list[dict[str, Any]]:
    """Return what the form shows for the windows of one setting."""
    empty = {"days": list(DAYS), "start": "", "end": "", "brightness": DIM_BRIGHTNESS}
    found = [*(window for window in windows if isinstance(window, dict)), empty]
    return [{**empty, **window, "prefix": f"{kind}-{number}"} for number, window in enumerate(found)]


def posted(post: QueryDict) -> dict[str, list[dict[str, Any]]]:
    """Return the windows that a form carries, by setting; nothing for a setting that it does not have."""
    return {setting: _windows(post, kind) for kind, setting in SETTINGS.items() if f"{kind}-0-start" in post}


def _windows(post: QueryDict, kind: str) -> list[dict[str, Any]]:
    numbers = [number for number in range(MOST_WINDOWS + 1) if f"{kind}-{number}-start" in post]
    found = [_window(post, f"{kind}-{number}", with_brightness=kind == "dimming") for number in numbers]
    return [window for window in found if window["start"] or window["end"]]


def _window(post: QueryDict, prefix: str, *, with_brightness: bool) -> dict[str, Any]:
    window: dict[str, Any] = {
        "days": post.getlist(f"{prefix}-days"),
        "start": _minutes(post.get(f"{prefix}-start", "")),
        "end": _minutes(post.get(f"{prefix}-end", "")),
    }
    if with_brightness:
        text = post.get(f"{prefix}-brightness", "")
        window["brightness"] = int(text) if re.fullmatch(r"[0-9]{1,3}", text) else text
    return window


def _minutes(text: str) -> str:
    return text[:5] if re.fullmatch(r"\d\d:\d\d:\d\d", text) else text  # some browsers send seconds
