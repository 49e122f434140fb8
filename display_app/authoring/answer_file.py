"""Files of recorded answers: read for a replay, written after a recording with every secret taken out.

A file is either the bare recording (recorded.py) or what a plugin ships as `preview.json`: `{"answers": {...}, "config": {...}, "at":
"2025-09-23T18:34:56+00:00"}`, each of them optional; written files are of the second kind.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from display_app.authoring.recorded import REMOVED, Answer, Exchange, Recording
from plugins_app.config.secret_paths import has_secret_name

KEYS = frozenset({"answers", "config", "at"})
SHORTEST_SECRET = 4  # shorter ones would be found everywhere
KEPT_HEADERS = frozenset({"content-type", "etag", "last-modified", "location", "link", "retry-after"})
SECRET_PARAMETERS = frozenset({"key", "appid", "app_id", "apikey", "sig", "signature", "auth", "authorization", "client_id"})
_QUERY_VALUE = re.compile(r"([?&])([^=&#]+)=([^&#]*)")


@dataclass(frozen=True)
class Example:
    """Answers, settings and a time that belong together; `at` in seconds since 1970."""

    answers: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    at: float | None = None


def parse_example(data: Any) -> Example:
    """Read a file's content; ValueError in words when it is none."""
    if not isinstance(data, dict):
        raise ValueError("it is no JSON object")
    whole = data if KEYS.issuperset(data) else {"answers": data}
    answers, config, at = whole.get("answers", {}), whole.get("config", {}), whole.get("at")
    if not isinstance(answers, dict) or not isinstance(config, dict):
        raise ValueError("answers and config are objects")
    Recording(answers)
    return Example(answers, config, None if at is None else parse_moment(at))


def parse_moment(text: Any) -> float:
    """Read an ISO time, UTC unless it names a zone; ValueError when it is none."""
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (TypeError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a time like 2025-09-23T18:34:56") from error


def to_example(exchanges: Iterable[Exchange], *, secrets: Iterable[str], config: Mapping[str, Any], at: float) -> dict[str, Any]:
    """Return what a recording is written as: secrets, also those that only a name gives away, are `***`."""
    cleaner = Cleaner(secrets)
    answers: dict[str, list[Any]] = {}
    for one in exchanges:
        address = cleaner.address(one.url)
        known = answers.setdefault(address if one.method == "GET" else f"{one.method} {address}", [])
        answer = _to_json(one.answer, cleaner)
        if not known or known[-1] != answer:
            known.append(answer)
    plain = {address: found[0] if len(found) == 1 else found for address, found in answers.items()}
    when = datetime.fromtimestamp(int(at), UTC).isoformat()
    return {"at": when, "config": cleaner.value(dict(config)), "answers": plain}


class Cleaner:
    """Takes secrets out of what is written: known ones wherever they stand, others by the name that they go by."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {one for one in secrets if len(one) >= SHORTEST_SECRET}
        forms = {form for one in known for form in (one, quote(one, safe=""), quote(one))}
        self._known = re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True)))) if forms else None

    def text(self, text: str) -> str:
        """Return text without the known secrets."""
        return self._known.sub(REMOVED, text) if self._known else text

    def address(self, url: str) -> str:
        """Return an address without user, secrets and the values of parameters that are called like one."""
        user = urlsplit(url).netloc.rpartition("@")[0]
        plain = self.text(url.replace(f"//{user}@", "//", 1) if user else url)
        return _QUERY_VALUE.sub(lambda found: f"{found[1]}{found[2]}={_hidden(found[2], found[3])}", plain)

    def value(self, value: Any, name: str = "") -> Any:
        """Return JSON without secrets."""
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(part, str(key)) for key, part in value.items()}
        if isinstance(value, list):
            return [self.value(part, name) for part in value]
        if isinstance(value, str):
            return REMOVED if value and has_secret_name(name) else self.text(value)
        return value


def _hidden(name: str, value: str) -> str:
    return REMOVED if value and (name.lower() in SECRET_PARAMETERS or has_secret_name(name)) else value


def _to_json(answer: Answer, cleaner: Cleaner) -> dict[str, Any]:
    if answer.error:
        return {"error": answer.error}
    kind = next((value for name, value in answer.headers.items() if name.lower() == "content-type"), "")
    body = _body_to_json(answer.body, kind, cleaner)
    headers = {name: cleaner.address(value) for name, value in answer.headers.items() if _is_kept(name, kind if "json" in body else "")}
    return {**({"status": answer.status} if answer.status != 200 else {}), **({"headers": headers} if headers else {}), **body}


def _is_kept(name: str, json_kind: str) -> bool:
    """Keep what means something to a plugin; that JSON is JSON goes without saying."""
    lower = name.lower()
    return lower.startswith("x-ratelimit-") or (lower in KEPT_HEADERS and not (lower == "content-type" and "json" in json_kind))


def _body_to_json(body: bytes, kind: str, cleaner: Cleaner) -> dict[str, Any]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
    if "json" in kind or "javascript" in kind or text[:1] in ("{", "["):
        try:
            return {"json": cleaner.value(json.loads(text))}
        except (ValueError, RecursionError):
            pass
    return {"text": cleaner.text(text)} if "\0" not in text else {"base64": base64.b64encode(body).decode()}
