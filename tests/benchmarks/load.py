"""Clients that ask one address over kept connections, and how long each answer took: for the other benchmarks.

All clients live in one thread that waits for whichever answers first: next to a server in Python, clients in Python threads would
measure each other.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.fakes.product import Product

HEAD_END = b"\r\n\r\n"
PATIENCE = 20.0


@dataclass(frozen=True)
class Figures:
    """Answers per second, and milliseconds."""

    per_second: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.per_second:7.0f}/s  p50 {self.p50:6.2f} ms  p99 {self.p99:6.2f} ms"


def load(product: Product, path: str, *, clients: int = 1, requests: int = 800, headers: dict[str, str] | None = None) -> Figures:
    """Ask `requests` times in all, each client over a connection of its own; fail on anything but 200 or 304."""
    times: list[float] = []
    with selectors.DefaultSelector() as selector:
        everyone = [_Client(product, path, headers or {}, count=requests // clients) for _ in range(clients)]
        begun = time.perf_counter()
        for client in everyone:
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.ask()
        while selector.get_map():
            ready = selector.select(PATIENCE)
            assert ready, f"{path}: no answer within {PATIENCE} s"
            for key, _ in ready:
                if key.data.listen(times):
                    selector.unregister(key.fileobj)
        seconds = time.perf_counter() - begun
    for client in everyone:
        client.socket.close()
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return Figures(len(times) / seconds, 1000 * statistics.median(times), 1000 * cuts[98])


class _Client:
    """One connection, on which a question follows each answer."""

    def __init__(self, product: Product, path: str, headers: dict[str, str], *, count: int) -> None:
        parts = urlsplit(product.url)
        lines = {"Host": parts.netloc, "Authorization": f"Token {product.token}", "Accept": "application/json", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._question = f"GET /api/v3/{path} HTTP/1.1\r\n{head}\r\n".encode()
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._left = count
        self._answer = b""
        self._asked_at = 0.0

    def ask(self) -> None:
        """Send the question."""
        self._answer, self._asked_at = b"", time.perf_counter()
        self.socket.sendall(self._question)

    def listen(self, times: list[float]) -> bool:
        """Take what came; after a whole answer note its time and ask again. Return whether that was the last one."""
        received = self.socket.recv(1 << 18)
        assert received, "the server closed the connection"
        self._answer += received
        if len(self._answer) < _length(self._answer):
            return False
        status = self._answer[9:12]
        assert status in (b"200", b"304"), self._answer[:300]
        times.append(time.perf_counter() - self._asked_at)
        self._left -= 1
        if self._left:
            self.ask()
        return not self._left


def _length(answer: bytes) -> int:
    """Return how long the whole answer is; more than there is while its head is not complete."""
    end = answer.find(HEAD_END)
    if end < 0:
        return len(answer) + 1
    head = answer[:end].lower()
    if b"\r\ncontent-length:" not in head:
        return end + len(HEAD_END)
    return end + len(HEAD_END) + int(head.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
