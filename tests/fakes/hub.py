"""A real HTTP server that stands for GitHub and the registry, and misbehaves when told to; alone: `python -m tests.fakes.hub`."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import hashlib
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.hub_behaviour import Behaviour
from tests.fakes.hub_counting import Counting
from tests.fakes.hub_handler import Handler
from tests.fakes.hub_repository import Repository, repositories_of

EMPTY_REGISTRY: dict[str, Any] = {"version": "1.0.0", "last_updated": "2026-06-02", "plugins": []}


class Hub(Counting):
    """Registry at `/registry/plugins.json`, API below `/api`, raw files below `/raw`, archives at `/<owner>/<repo>/archive/...`.

    Requests are counted by path; rules made by `fail`, `hang`, `redirect` ... match a path's beginning, the newest first.
    """

    def __init__(self, *, registry: Any = None, plugins: Path | None = None, port: int = 0) -> None:
        super().__init__()
        self.latency = 0.0
        self.connection_seconds = 0.0  # what a new connection costs, as TLS does
        self.redirect_archives = False
        self.tokens: set[str] | None = None
        self.moved: dict[str, str] = {}
        self.released = threading.Event()
        self.behaviours: list[Behaviour] = []
        self.repositories: dict[str, Repository] = {}
        self.registry = b""
        self.plugins = plugins
        self.set_registry(EMPTY_REGISTRY if registry is None else registry)
        self._open: set[socket.socket] = set()
        self.port = port
        self._serve()

    # -- addresses

    @property
    def url(self) -> str:
        """Base of everything; stands for https://github.com."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def registry_url(self) -> str:
        """Address of the registry file."""
        return f"{self.url}/registry/plugins.json"

    def environment(self) -> dict[str, str]:
        """Return the LEDSITE_* names that lead a product's processes here."""
        return {
            "LEDSITE_REGISTRY_URL": self.registry_url,
            "LEDSITE_GITHUB_API_URL": f"{self.url}/api",
            "LEDSITE_GITHUB_RAW_URL": f"{self.url}/raw",
            "LEDSITE_GITHUB_URL": self.url,
        }

    def use(self, settings: Any) -> None:
        """Lead this process here: pass pytest-django's `settings`."""
        bases = {name.removeprefix("LEDSITE_").lower(): value for name, value in self.environment().items()}
        settings.LEDSITE = dataclasses.replace(settings.LEDSITE, **bases)

    # -- content

    def set_registry(self, registry: Any) -> None:
        """Serve another registry: JSON data, or bytes as they are."""
        self.registry = registry if isinstance(registry, bytes) else json.dumps(registry).encode()
        if self.plugins is not None:
            with contextlib.suppress(ValueError):
                self.repositories |= repositories_of(json.loads(self.registry), self.plugins)

    def add_repository(self, name: str, roots: dict[str, Path], *, branch: str = "main") -> Repository:
        """Serve folders as `owner/repo`; keys are folders in the repository ("" is its top)."""
        self.repositories[name] = Repository(name, roots=roots, branch=branch)
        return self.repositories[name]

    def rename(self, old: str, new: str) -> None:
        """Give a repository another name, as its owner can: under the old one the API redirects to `/repositories/<number>`."""
        self.repositories[new] = self.repositories.pop(old)
        self.repositories[new].name = self.moved[old] = new

    def etag(self, body: bytes) -> str:
        """Return the validator that goes with a body."""
        return f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    # -- misbehaviour

    def behave(self, prefix: str, kind: str, **details: Any) -> Behaviour:
        """Add a rule for paths that begin with `prefix`; `times=N` ends it after N requests."""
        behaviour = Behaviour(prefix, kind, **details)
        with self.lock:
            self.behaviours.insert(0, behaviour)
        return behaviour

    def fail(self, prefix: str, *, status: int = 503, headers: dict[str, str] | None = None, times: int | None = None) -> None:
        """Answer with an error status."""
        self.behave(prefix, "status", status=status, headers=headers or {}, times=times)

    def rate_limit(self, prefix: str, *, status: int = 403, seconds: int = 120, times: int | None = None) -> None:
        """Answer as GitHub does when the hour's requests are used up (403), or `Retry-After` (429)."""
        reset = {"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + seconds)}
        self.fail(prefix, status=status, headers=reset if status == 403 else {"Retry-After": str(seconds)}, times=times)

    def hang(self, prefix: str, *, times: int | None = None) -> None:
        """Take the request and say nothing until `heal` or `close`."""
        self.behave(prefix, "hang", times=times)

    def hold(self, prefix: str) -> None:
        """Take the request and answer it at `heal`."""
        self.behave(prefix, "hold")

    def drip(self, prefix: str, *, seconds: float = 0.05, times: int | None = None) -> None:
        """Send the right answer one byte at a time."""
        self.behave(prefix, "drip", seconds=seconds, times=times)

    def drop(self, prefix: str, *, times: int | None = None) -> None:
        """Close the connection without an answer."""
        self.behave(prefix, "drop", times=times)

    def cut_short(self, prefix: str, *, keep: int = 100, times: int | None = None) -> None:
        """Declare the whole length, send `keep` bytes and close."""
        self.behave(prefix, "cut", keep=keep, times=times)

    def redirect(self, prefix: str, to: str, *, status: int = 302, times: int | None = None) -> None:
        """Redirect, wherever `to` leads."""
        self.behave(prefix, "redirect", location=to, status=status, times=times)

    def answer(
        self, prefix: str, body: bytes, *, content_type: str = "text/html", headers: dict[str, str] | None = None, times: int | None = None
    ) -> None:
        """Answer 200 with any body: HTML instead of JSON, a bad archive."""
        self.behave(prefix, "answer", body=body, headers={"Content-Type": content_type, **(headers or {})}, times=times)

    def heal(self) -> None:
        """Forget every rule, and let hanging requests end."""
        with self.lock:
            self.behaviours.clear()
        self.released.set()
        self.released = threading.Event()

    def behaviour_for(self, path: str) -> Behaviour | None:
        """Return the rule for a path and count it down."""
        with self.lock:
            for behaviour in self.behaviours:
                if path.startswith(behaviour.prefix) and behaviour.is_left():
                    return behaviour
        return None

    # -- the server

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection, to end it on close."""
        with self.lock:
            self.connections += 1
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self.lock:
            self._open.discard(connection)

    def refuse(self) -> None:
        """Stop listening: connections are refused, open ones end. `accept` undoes it."""
        self._stop()

    def accept(self) -> None:
        """Listen again at the same port, unless it does."""
        if self._server is None:
            self._serve()

    def close(self) -> None:
        """End everything."""
        self.heal()
        self._stop()

    def _serve(self) -> None:
        handler = type("BoundHandler", (Handler,), {"hub": self})
        self._server: ThreadingHTTPServer | None = _Server(("127.0.0.1", self.port), handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def _stop(self) -> None:
        if self._server is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = None
        with self.lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that go away are part of the game."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Run a hub with an empty registry; import this fixture in a conftest."""
    server = Hub()
    yield server
    server.close()


def main() -> None:
    """Serve a registry file and a folder of plugins for manual trials."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registry", type=Path, required=True)
    parser.add_argument("--plugins", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--redirect", action="store_true", help="archives answer with a redirect first, as GitHub's do")
    options = parser.parse_args()
    server = Hub(registry=options.registry.read_bytes(), plugins=options.plugins, port=options.port)
    server.latency, server.redirect_archives = options.latency, options.redirect
    for name, value in server.environment().items():
        print(f"export {name}={value}", flush=True)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    server.close()
    for path, count in sorted(server.counts.items()):
        print(f"{count:5} {path}")


if __name__ == "__main__":
    main()
