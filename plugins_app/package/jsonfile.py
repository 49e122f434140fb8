"""Reads JSON that others wrote: size, depth and numbers that our database cannot hold are refused in words."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from plugins_app.exceptions import PackageError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def read_json(path: Path, *, limit: int, code: str, missing_code: str = "") -> Any:
    """Parse one file of at most `limit` bytes; raise PackageError with `code` (or `missing_code` when it is not there)."""
    try:
        with open(path, "rb") as file:
            body = file.read(limit + 1)
    except FileNotFoundError as error:
        raise PackageError(f"There is no {path.name}.", code=missing_code or code, hint=f"A plugin needs {path.name}.") from error
    except OSError as error:
        raise PackageError(f"{path.name} cannot be read: {error.strerror}.", code=code) from error
    if len(body) > limit:
        raise PackageError(f"{path.name} is larger than {limit // 1024} KiB.", code=code)
    return parse_json(body, name=path.name, code=code)


def parse_json(body: bytes, *, name: str, code: str) -> Any:
    """Parse JSON text; raise PackageError with `code` for anything that cannot be stored and sent on again."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant, parse_float=_finite)
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


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number
