"""The web on a stage: recorded answers for `requests` and `urllib`, a refusal for everything that was not recorded.

A recording is a JSON object, address to answer: `{"https://api.example.org/now": {"status": 200, "json": {...}}}`. An answer has `json`,
or `text`, or `base64` for anything else, and may have `status` (200) and `headers`. An address is looked up whole, then without
its query, then by the longest recorded one that ends with `*` and begins it.
"""

from __future__ import annotations

import base64
import email.message
import io
import json
import urllib.request
import urllib.response
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError

import requests
from requests.adapters import HTTPAdapter
from urllib3.response import HTTPResponse

REFUSED = "There is no network here, and no recorded answer for {}"


@dataclass(frozen=True)
class Answer:
    """One recorded answer."""

    status: int
    headers: dict[str, str]
    body: bytes


class Recording:
    """Recorded answers by address."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = {str(address): parse_answer(answer) for address, answer in answers.items()}

    def find(self, url: str) -> Answer | None:
        """Return the answer of an address, None when it was not recorded."""
        for address in (url, url.partition("#")[0], url.partition("?")[0]):
            if address in self._answers:
                return self._answers[address]
        patterns = [name for name in self._answers if name.endswith("*") and url.startswith(name[:-1])]
        return self._answers[max(patterns, key=len)] if patterns else None

    def install(self) -> None:
        """Let every request of this process be answered from here."""
        recording = self

        def send(self: HTTPAdapter, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
            answer = recording.find(str(request.url))
            if answer is None:
                raise requests.ConnectionError(REFUSED.format(request.url), request=request)
            raw = HTTPResponse(body=io.BytesIO(answer.body), headers=answer.headers, status=answer.status, preload_content=False)
            return self.build_response(request, raw)  # type: ignore[no-untyped-call, no-any-return, unused-ignore]

        HTTPAdapter.send = send  # type: ignore[method-assign, assignment]
        urllib.request.install_opener(urllib.request.build_opener(_Recorded(recording)))


class _Recorded(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Answers `urllib.request`."""

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        self._recording = recording

    def _open(self, request: urllib.request.Request) -> Any:
        answer = self._recording.find(request.full_url)
        if answer is None:
            raise URLError(REFUSED.format(request.full_url))
        headers = email.message.Message()
        for name, value in answer.headers.items():
            headers[name] = value
        response = urllib.response.addinfourl(io.BytesIO(answer.body), headers, request.full_url, answer.status)
        response.msg = ""  # type: ignore[attr-defined]
        return response

    http_open = https_open = _open  # type: ignore[assignment]


def parse_answer(data: Any) -> Answer:
    """Read one recorded answer; ValueError when it is none."""
    if not isinstance(data, dict):
        raise ValueError("a recorded answer is an object with json, text or base64")
    headers = {str(name): str(value) for name, value in (data.get("headers") or {}).items()}
    status = data.get("status", 200)
    if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 599:
        raise ValueError(f"{status!r} is not an HTTP status")
    if "json" in data:
        return Answer(status, {"Content-Type": "application/json", **headers}, json.dumps(data["json"]).encode())
    if "base64" in data:
        return Answer(status, headers, base64.b64decode(str(data["base64"])))
    return Answer(status, {"Content-Type": "text/plain; charset=utf-8", **headers}, str(data.get("text", "")).encode())
