"""Lets the HTTP requests of this process out and tells what came back; the plugin gets what a replay would give it."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from urllib3.exceptions import HTTPError

from display_app.authoring.clock import real_monotonic, real_sleep
from display_app.authoring.recorded import Answer
from display_app.authoring.web import Request, base_of, request_of, response_of, watch_requests

MOST_BODY = 16 * 1024 * 1024
PAUSE_SECONDS, POLL_SECONDS = 0.5, 0.05
Told = Callable[[Request, Answer], None]


class Recorder:
    """Knows which requests are under way; `tell` is called with each that came to an end, from any thread."""

    def __init__(self, tell: Told) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._under_way = 0

    def install(self) -> None:
        """Record every HTTP request of this process, for good."""
        watch_requests()
        recorder, init, getresponse = self, http.client.HTTPConnection.__init__, http.client.HTTPConnection.getresponse

        def begin(self: http.client.HTTPConnection, *args: Any, **kwargs: Any) -> None:
            init(self, *args, **kwargs)
            self.connect = lambda: recorder._connect(self)  # type: ignore[method-assign]

        def respond(self: http.client.HTTPConnection) -> http.client.HTTPResponse:
            return recorder._respond(self, lambda: getresponse(self))

        http.client.HTTPConnection.__init__ = begin  # type: ignore[method-assign]
        http.client.HTTPConnection.getresponse = respond  # type: ignore[method-assign]

    def wait_until_quiet(self, seconds: float) -> None:
        """Wait in earnest until no request has been under way for a moment; for what a plugin fetches in threads."""
        until = real_monotonic() + seconds
        quiet_since = real_monotonic()
        while (now := real_monotonic()) < until and now - quiet_since < PAUSE_SECONDS:
            real_sleep(POLL_SECONDS)
            if self._under_way:
                quiet_since = real_monotonic()

    def _connect(self, connection: http.client.HTTPConnection) -> None:
        with self._one_more():
            try:
                type(connection).connect(connection)
            except (OSError, http.client.HTTPException, HTTPError) as error:
                self._tell(Request("GET", f"{base_of(connection)}/*"), Answer(error=error_name(error)))
                raise

    def _respond(self, connection: http.client.HTTPConnection, receive: Callable[[], http.client.HTTPResponse]) -> http.client.HTTPResponse:
        request = request_of(connection)
        with self._one_more():
            try:
                answer = _read(receive())
            except (OSError, http.client.HTTPException) as error:
                self._tell(request, Answer(error=error_name(error)))
                raise
        self._tell(request, answer)
        return response_of(connection, request, answer)

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1


def error_name(error: BaseException) -> str:
    """Return how a failure is called in a recording; urllib3's own errors are known by what they were caused by."""
    for kind, name in _NAMES:
        if isinstance(error, kind) or isinstance(error.__cause__, kind):
            return name
    return "cut-short"


_NAMES: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLError, "tls"),
    (socket.gaierror, "dns"),
    (TimeoutError, "timeout"),
    (ConnectionResetError, "cut-short"),
    (http.client.HTTPException, "cut-short"),
    (OSError, "refused"),
)


def _read(response: http.client.HTTPResponse) -> Answer:
    """Read a response to its end, uncompressed; IncompleteRead when there is too much of it."""
    body = response.read(MOST_BODY + 1)
    if len(body) > MOST_BODY:
        raise http.client.IncompleteRead(b"")
    headers = dict(response.headers.items())
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    return Answer(response.status, headers, _decoded(body, coding))


def _decoded(body: bytes, coding: str) -> bytes:
    if coding not in ("gzip", "x-gzip", "deflate") or not body:
        return body
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        decoder = zlib.decompressobj(window)
        try:
            plain = decoder.decompress(body, MOST_BODY)
        except zlib.error:
            continue
        return plain
    raise http.client.IncompleteRead(b"")
