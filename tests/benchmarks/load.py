"""Clients that ask one address over and over, and how long each answer took: for the other benchmarks.

A client keeps its connection where the server lets it, else it makes a new one for each question. All clients live in one thread that
waits for whichever answers first: next to a server in Python, clients in Python threads would measure each other.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

HEAD_END = b"\r\n\r\n"
PATIENCE = 20.0


class Server(Protocol):
    """Who is asked: an address, and a token for those who want one."""

    url: str
    token: str


@dataclass(frozen=True)
class Figures:
    """Answers per second, and milliseconds."""

    per_second: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.per_second:7.0f}/s  p50 {self.p50:7.2f} ms  p99 {self.p99:7.2f} ms"


def load(server: Server, path: str, *, clients: int = 1, requests: int = 800, headers: dict[str, str] | None = None) -> Figures:
    """Ask `requests` times in all; fail on anything but 200 or 304."""
    times: list[float] = []
    with selectors.DefaultSelector() as selector:
        everyone = [_Client(server, path, headers or {}, count=requests // clients) for _ in range(clients)]
        begun = time.perf_counter()
        for client in everyone:
            selector.register(client.ask(), selectors.EVENT_READ, client)
        while selector.get_map():
            ready = selector.select(PATIENCE)
            assert ready, f"{path}: no answer within {PATIENCE} s"
            for key, _ in ready:
                client = key.data
                if client.listen(times):
                    selector.unregister(key.fileobj)
                    client.let_go()
                    if client.left:
                        selector.register(client.ask(), selectors.EVENT_READ, client)
        seconds = time.perf_counter() - begun
    for client in everyone:
        client.close()
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return Figures(len(times) / seconds, 1000 * statistics.median(times), 1000 * cuts[98])


class _Client:
    """One who asks again after each answer."""

    def __init__(self, server: Server, path: str, headers: dict[str, str], *, count: int) -> None:
        parts = urlsplit(server.url)
        lines = {"Host": parts.netloc, "Accept": "application/json", **headers}
        if server.token:
            lines["Authorization"] = f"Token {server.token}"
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._question = f"GET /api/v3/{path} HTTP/1.1\r\n{head}\r\n".encode()
        self._address = parts.hostname, parts.port
        self._socket: socket.socket | None = None
        self.left = count
        self._answer = b""
        self._asked_at = 0.0

    def ask(self) -> socket.socket:
        """Send the question and return the connection on which the answer will come."""
        self._answer, self._asked_at = b"", time.perf_counter()
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(self._question)
        return self._socket

    def listen(self, times: list[float]) -> bool:
        """Take what came; return whether the answer is whole, after noting how long it took."""
        assert self._socket is not None
        received = self._socket.recv(1 << 18)
        assert received, "the server closed the connection"
        self._answer += received
        if len(self._answer) < _length(self._answer):
            return False
        status = self._answer[9:12]
        assert status in (b"200", b"304"), self._answer[:300]
        times.append(time.perf_counter() - self._asked_at)
        self.left -= 1
        return True

    def let_go(self) -> None:
        """Close the connection when the server does."""
        head = self._answer.partition(HEAD_END)[0].lower()
        if head.startswith(b"http/1.0") or b"\r\nconnection: close" in head:
            self.close()

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None


def _length(answer: bytes) -> int:
    """Return how long the whole answer is; more than there is while its head is not complete."""
    end = answer.find(HEAD_END)
    if end < 0:
        return len(answer) + 1
    head = answer[:end].lower()
    if b"\r\ncontent-length:" not in head:
        return end + len(HEAD_END)
    return end + len(HEAD_END) + int(head.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
