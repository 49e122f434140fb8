"""Clients that ask one address over kept connections, and how long each answer took: for the other benchmarks."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.fakes.product import Product


@dataclass(frozen=True)
class Figures:
    """Answers per second, and milliseconds."""

    per_second: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.per_second:7.0f}/s  p50 {self.p50:6.2f} ms  p99 {self.p99:6.2f} ms"


def load(product: Product, path: str, *, clients: int = 1, requests: int = 400, headers: dict[str, str] | None = None) -> Figures:
    """Ask `requests` times in all, each client over a connection of its own; fail on anything but 200 or 304."""
    times: list[float] = []
    everything = {"Authorization": f"Token {product.token}", "Accept": "application/json", **(headers or {})}
    threads = [
        threading.Thread(target=_client, args=(product.url, f"/api/v3/{path}", everything, requests // clients, times))
        for _ in range(clients)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    if len(times) != requests // clients * clients:
        raise AssertionError(f"{path}: {len(times)} good answers of {requests}")
    cuts = statistics.quantiles(times, n=100)
    return Figures(len(times) / seconds, 1000 * statistics.median(times), 1000 * cuts[98])


def _client(url: str, path: str, headers: dict[str, str], requests: int, times: list[float]) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    for _ in range(requests):
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (200, 304):
            break
        times.append(time.perf_counter() - begun)
    connection.close()
