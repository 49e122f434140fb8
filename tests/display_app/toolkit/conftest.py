"""A web service on loopback that answers what a test lays down."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Service:
    """`answers[path]` is a list of (status, body) given one after the other, the last for ever; `requests` is what came."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, bytes]]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.requests.append((self.path, dict(self.headers)))
                answers = service.answers.get(self.path.split("?")[0], [(404, b"{}")])
                status, body = answers.pop(0) if len(answers) > 1 else answers[0]
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.answers.setdefault(self.path, [(200, json.dumps({"echo": body.decode()}).encode())])
                self.do_GET()

            def log_message(self, format: str, *args: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    def answer(self, path: str, *answers: Any, status: int = 200) -> None:
        """Lay down answers for a path: bytes as they are, `(status, value)`, or a value that becomes JSON."""
        self.answers[path] = [
            answer if isinstance(answer, tuple) else (status, answer if isinstance(answer, bytes) else json.dumps(answer).encode())
            for answer in answers
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.close()


class Cache:
    """The part of a cache manager that the toolkit uses, over a plain dict that remembers lifetimes."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.lifetimes: dict[str, Any] = {}

    def get(self, key: str, max_age: float | None = 300) -> Any:
        return self.values.get(key)

    def set(self, key: str, data: Any, ttl: float | None = None) -> None:
        self.values[key] = data
        self.lifetimes[key] = ttl

    def clear_cache(self, key: str | None = None) -> None:
        for name in [key] if key else list(self.values):
            self.values.pop(name, None)


@pytest.fixture
def cache() -> Cache:
    return Cache()


@pytest.fixture
def nowhere() -> str:
    """Return an address at which nobody listens."""
    return "http://127.0.0.1:9"
