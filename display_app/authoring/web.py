"""The web of a stage: every HTTP request of this process is answered from a recording, or is let out once and recorded.

It stands in `http.client`, on which requests, urllib3, urllib.request and httplib2 are built: what these make of an answer, a redirect
or a failure is their own. What does not go through it (sockets, aiohttp, httpx) is refused with the network.
"""

from __future__ import annotations

import errno
import http.client
import io
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from urllib3.util.retry import Retry

from display_app.authoring.recorded import Answer, Recording

REFUSED = "There is no network here, and no recorded answer for {} {}"
MOST_REFUSED = 20
_NO_BODY = (204, 304)


@dataclass(frozen=True)
class Request:
    """A request that a plugin makes."""

    method: str
    url: str


class Web(Protocol):
    """What answers requests."""

    def answer(self, request: Request) -> Answer:
        """Answer one request; OSError as the network would raise it."""


class Replay:
    """Answers from a recording; everything else is refused, and remembered in `refused`."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.refused: dict[str, None] = {}

    def answer(self, request: Request) -> Answer:
        """Return what was recorded."""
        answer = self._recording.find(request.url, request.method)
        if answer is None:
            if len(self.refused) < MOST_REFUSED:
                self.refused[request.url.partition("?")[0]] = None
            raise ConnectionRefusedError(errno.ECONNREFUSED, REFUSED.format(request.method, request.url))
        return answer


def install(web: Web) -> None:
    """Let `web` answer every HTTP request of this process, for good."""
    watch_requests()
    init = http.client.HTTPConnection.__init__

    def begin(self: http.client.HTTPConnection, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)

        def connect() -> None:
            self.sock = _StageSocket(self, web)
            self.is_verified = True  # type: ignore[attr-defined]  # urllib3 would warn

        self.connect = connect  # type: ignore[method-assign]  # of the instance: libraries have connections of their own class

    http.client.HTTPConnection.__init__ = begin  # type: ignore[method-assign]
    Retry.sleep = lambda self, response=None: None  # type: ignore[method-assign]  # between attempts: time is the stage's


def watch_requests() -> None:
    """Let every connection remember what it was asked for last."""
    putrequest = http.client.HTTPConnection.putrequest

    def remember(self: http.client.HTTPConnection, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        self.stage_request = Request(method, url if "://" in url else base_of(self) + url)  # type: ignore[attr-defined]
        putrequest(self, method, url, *args, **kwargs)

    http.client.HTTPConnection.putrequest = remember  # type: ignore[method-assign]


def request_of(connection: http.client.HTTPConnection) -> Request:
    """Return what a connection was asked for last."""
    return getattr(connection, "stage_request", Request("GET", f"{base_of(connection)}/"))


def base_of(connection: http.client.HTTPConnection) -> str:
    """Return scheme, host and port of a connection as an address without a path."""
    scheme = "https" if connection.default_port == http.client.HTTPS_PORT else "http"
    host = f"[{connection.host}]" if ":" in connection.host else connection.host
    port = "" if connection.port in (None, connection.default_port) else f":{connection.port}"
    return f"{scheme}://{host}{port}"


def response_of(connection: http.client.HTTPConnection, request: Request, answer: Answer) -> http.client.HTTPResponse:
    """Return an answer as a connection would; a recorded error is raised."""
    body = _StageSocket(connection, _Given(answer))
    response = http.client.HTTPResponse(body, method=request.method)  # type: ignore[arg-type]
    response.begin()
    return response


class _Given:
    """Answers what it was given."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def answer(self, request: Request) -> Answer:
        return self._answer


class _StageSocket:
    """What a connection writes its request into and reads the answer from; no socket at all."""

    def __init__(self, connection: http.client.HTTPConnection, web: Web) -> None:
        self._connection, self._web = connection, web
        self._request: Request | None = None
        self._answer = Answer()

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Ask when a request begins: what fails before an answer comes must fail here, as libraries tell the two apart."""
        request = request_of(self._connection)
        if request is not self._request:
            self._request, self._answer = request, self._web.answer(request)
            if self._answer.error in _WITHOUT_CONNECTION:
                raise _FAILURES[self._answer.error](request.url)

    def makefile(self, mode: str = "rb", *_: Any, **__: Any) -> io.BufferedReader:
        self.sendall(b"")
        return io.BufferedReader(io.BytesIO(as_bytes(self._answer, request_of(self._connection))))

    def settimeout(self, seconds: float | None) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open."""


def as_bytes(answer: Answer, request: Request) -> bytes:
    """Return an answer as it goes over the wire; a recorded error is raised."""
    if answer.error:
        raise _FAILURES[answer.error](request.url)
    reason = http.client.responses.get(answer.status, "Status")
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _OURS}
    length = {} if answer.status in _NO_BODY else {"Content-Length": str(len(answer.body))}
    head = [
        f"HTTP/1.1 {answer.status} {reason}",
        *(f"{name}: {value}" for name, value in {**headers, **length, "Connection": "close"}.items()),
    ]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + answer.body


_WITHOUT_CONNECTION = frozenset({"refused", "dns", "tls"})
_OURS = frozenset({"content-length", "transfer-encoding", "content-encoding", "connection"})
_FAILURES: dict[str, Callable[[str], OSError]] = {
    "timeout": lambda url: TimeoutError(f"timed out (recorded): {url}"),
    "refused": lambda url: ConnectionRefusedError(errno.ECONNREFUSED, f"Connection refused (recorded): {url}"),
    "dns": lambda url: socket.gaierror(socket.EAI_NONAME, f"Name or service not known (recorded): {url}"),
    "tls": lambda url: ssl.SSLError(1, f"the certificate does not fit (recorded): {url}"),
    "cut-short": lambda url: http.client.RemoteDisconnected(f"the answer ended early (recorded): {url}"),
}
