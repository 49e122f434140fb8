"""Recorded answers of the web, by address: what a plugin is told instead of being let out.

A recording is a JSON object, address to answer: `{"https://api.example.org/now": {"status": 200, "json": {...}}}`. An answer has `json`,
or `text`, or `base64` for anything else, and may have `status` (200) and `headers`; or it has `error`, one of `timeout`, `refused`, `dns`,
`tls`, `cut-short`: the request fails so. A list of answers is given in order, its last one for ever.

An address is looked up whole, then without its query, then by the longest recorded one that ends with `*` and begins it. `***` within a
recorded address stands for whatever is there: a key that was taken out. `POST https://...` is for one method, an address alone for all.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

ERRORS = ("timeout", "refused", "dns", "tls", "cut-short")
REMOVED = "***"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_METHOD = re.compile(r"([A-Z]+) +(.*)", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """One recorded answer, or how the request failed (`error`, one of ERRORS)."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""


@dataclass(frozen=True)
class Exchange:
    """A request that was made while recording, and its answer."""

    method: str
    url: str
    answer: Answer


class Recording:
    """Recorded answers by address; `find` may be called from any thread. ValueError when an answer is none."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers: dict[str, list[Answer]] = {}
        self._holes: list[tuple[re.Pattern[str], str]] = []
        self._given: dict[str, int] = {}
        self._lock = threading.Lock()
        for address, value in answers.items():
            key = _canonical_key(str(address))
            self._answers[key] = _parse_all(address, value)
            if REMOVED in key:
                self._holes.append((_pattern(key), key))

    def find(self, url: str, method: str = "GET") -> Answer | None:
        """Return the next answer of an address, None when it was not recorded."""
        key = self._key_of(canonical(url), method)
        if key is None:
            return None
        with self._lock:
            given = self._given.get(key, 0)
            self._given[key] = given + 1
        answers = self._answers[key]
        return answers[min(given, len(answers) - 1)]

    def _key_of(self, url: str, method: str) -> str | None:
        for wanted in (f"{method} {url}", url):
            for key in self._exact(wanted):
                return key
        for wanted in (f"{method} {url}", url):
            beginnings = [key for key in self._answers if key.endswith("*") and not key.endswith(REMOVED) and wanted.startswith(key[:-1])]
            if beginnings:
                return max(beginnings, key=len)
        return None

    def _exact(self, wanted: str) -> Iterator[str]:
        for address in (wanted, wanted.partition("?")[0]):
            if address in self._answers:
                yield address
            yield from (key for pattern, key in self._holes if pattern.fullmatch(address))


def canonical(url: str) -> str:
    """Return an address as recordings compare it: no fragment, no default port, no user, nothing quoted that need not be."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url
    if not parts.scheme or not host:
        return url
    place = host if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{port}"
    query = f"?{unquote_plus(parts.query)}" if parts.query else ""
    return f"{parts.scheme}://{place}{unquote(parts.path) or '/'}{query}"


def parse_answer(data: Any) -> Answer:
    """Read one recorded answer; ValueError when it is none."""
    if not isinstance(data, dict):
        raise ValueError("a recorded answer is an object with json, text, base64 or error")
    if "error" in data:
        if data["error"] not in ERRORS:
            raise ValueError(f"{data['error']!r} is none of the errors {', '.join(ERRORS)}")
        return Answer(error=data["error"])
    headers = data.get("headers") or {}
    if not isinstance(headers, dict):
        raise ValueError("headers are an object")
    status = data.get("status", 200)
    if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
        raise ValueError(f"{status!r} is not an HTTP status")
    kind, body = _body_of(data)
    return Answer(status, {**kind, **{_one_line(name): _one_line(value) for name, value in headers.items()}}, body)


def _parse_all(address: Any, value: Any) -> list[Answer]:
    try:
        found = [parse_answer(one) for one in value] if isinstance(value, list) else [parse_answer(value)]
    except ValueError as error:
        raise ValueError(f"{str(address)[:100]}: {error}") from error
    if not found:
        raise ValueError(f"{str(address)[:100]}: a list of answers has one at least")
    return found


def _body_of(data: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    if "json" in data:
        return {"Content-Type": "application/json"}, json.dumps(data["json"]).encode()
    if "base64" in data:
        return {}, base64.b64decode(str(data["base64"]))
    return {"Content-Type": "text/plain; charset=utf-8"}, str(data.get("text", "")).encode()


def _one_line(value: Any) -> str:
    """Return a header's name or value without what would begin another one."""
    return " ".join(str(value).split()).encode("latin-1", "replace").decode("latin-1")


def _canonical_key(address: str) -> str:
    """Return a recorded address for comparing; a star at its end and the holes in it stay."""
    match = _METHOD.fullmatch(address)
    if match:
        return f"{match[1]} {_canonical_key(match[2])}"
    is_beginning = address.endswith("*") and not address.endswith(REMOVED)
    if not is_beginning:
        return canonical(address)
    beginning = address[:-1]
    return f"{canonical(beginning) if urlsplit(beginning).path else beginning}*"


def _pattern(key: str) -> re.Pattern[str]:
    """Return what matches an address with anything in its holes: in the query up to the next parameter, before it up to the next slash."""
    path, mark, query = key.partition("?")
    before, after = path.replace(REMOVED, "\0"), query.replace(REMOVED, "\0")
    text = re.escape(before).replace("\0", "[^/?]*") + re.escape(mark) + re.escape(after).replace("\0", "[^&]*")
    return re.compile(text, re.DOTALL)
