"""Reads JSON that others wrote: size, depth and numbers that our database cannot hold are refused in words."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from plugins_app.exceptions import PackageError
from plugins_app.package.reading import read_plain

MAX_DEPTH = 100

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_HALF = re.compile(r"[\ud800-\udfff]")  # one of a surrogate pair: JSON can say it, UTF-8 cannot


def read_json(path: Path, *, limit: int, code: str, missing_code: str = "") -> Any:
    """Parse one file of at most `limit` bytes; raise PackageError with `code` (or `missing_code` when it is not there)."""
    hint = f"Ask the plugin's author for a proper {path.name}."
    try:
        body = read_plain(path, limit=limit)
    except FileNotFoundError as error:
        raise PackageError(f"There is no {path.name}.", code=missing_code or code, hint=hint) from error
    except OSError as error:
        raise PackageError(f"{path.name} cannot be read: {error.strerror}.", code=code, hint=hint) from error
    return parse_json(body, name=path.name, code=code)


def parse_json(body: bytes, *, name: str, code: str) -> Any:
    """Parse JSON text; halves of characters become `?`; raise PackageError with `code` for what cannot be stored and sent on again."""
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant, parse_float=_finite)
        if b"\\u" in body:
            data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
        return check_storable(data)
    except (ValueError, RecursionError) as error:
        reason = str(error) or "it is nested too deeply"
        raise PackageError(
            f"{name} is not valid JSON: {reason[:200]}.", code=code, hint=f"Ask the plugin's author to correct {name}."
        ) from error


def clean_text(value: object, *, limit: int) -> str:
    """Return `value` as text that can be stored and shown: no control characters, no lone surrogates, not longer than `limit`."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub(" ", text).strip()[:limit]


def check_storable(data: Any) -> Any:
    """Return parsed JSON that can be copied, stored and sent on; ValueError for other depths, numbers and texts."""
    layer = [data]
    for _ in range(MAX_DEPTH):
        layer = [part for item in layer for part in _parts(item)]
        if not layer:
            return data
    raise ValueError("it is nested too deeply")


def _parts(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return [*item, *item.values()]
    if isinstance(item, list):
        return item
    if isinstance(item, str) and _HALF.search(item):
        raise ValueError("a text has half of a character in it")
    if isinstance(item, int | float) and not -(2**63) <= item < 2**63 and not (isinstance(item, float) and math.isfinite(item)):
        raise ValueError(f"{str(item)[:40]} is too large a number")
    return []


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number
