"""How GitHub and the registry can be, and somebody who keeps asking them meanwhile: for the benchmark of the pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.filled import Shop, registry_of
from tests.benchmarks.visits import Person
from tests.fakes.product import Product

PRESS_SECONDS = 0.5


@dataclass(frozen=True)
class State:
    """A name, and what makes GitHub and the registry so."""

    name: str
    begin: Callable[[Shop], object]


def _answers(body: bytes, content_type: str) -> Callable[[Shop], object]:
    return lambda shop: shop.hub.answer("/", body, content_type=content_type)


WELL = State("well", lambda shop: None)
HANGS = State("all hangs", lambda shop: shop.hub.hang("/"))
REFUSES = State("all refuses", lambda shop: shop.hub.refuse())
STATES = (
    WELL,
    HANGS,
    State("the API hangs", lambda shop: shop.hub.hang("/api")),
    REFUSES,
    State("all fails: 503", lambda shop: shop.hub.fail("/", status=503)),
    State("all is HTML", _answers(b"<html><body>Log in to this network</body></html>" * 20, "text/html")),
    State("all is other JSON", _answers(b'{"plugins": [7, {"id": {}}, null], "sha": [], "tree": {"sha": 1}}', "application/json")),
    State("the registry is empty", lambda shop: shop.hub.set_registry(registry_of([]))),
    State("all is cut short", lambda shop: shop.hub.cut_short("/")),
    State("all comes drop by drop", lambda shop: shop.hub.drip("/")),
    State("the API limits: 403", lambda shop: shop.hub.rate_limit("/api", seconds=60)),
    State("all limits: 429", lambda shop: shop.hub.rate_limit("/", status=429, seconds=60)),
)
"""Limits come last: they are kept to, and for a minute after them nothing would be asked."""


def heal(shop: Shop, offered: int) -> None:
    """Have all be well again."""
    shop.hub.heal()
    shop.hub.accept()
    shop.offer(offered)


class Presser:
    """Presses, twice a second, what asks registry, GitHub and a plugin's repository, and takes back what only waits for its next try."""

    def __init__(self, product: Product, *, plugin: str) -> None:
        self._product, self._person = product, Person(product.url)
        self._buttons = ("/admin/store/refresh", f"/admin/store/plugins/{plugin}/fetch")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._press)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        self._thread.join()
        self._take_back()

    def _press(self) -> None:
        while not self._stop.is_set():
            self._take_back()
            for button in self._buttons:
                self._person.post(button)
            self._stop.wait(PRESS_SECONDS)

    def _take_back(self) -> None:
        for row in self._product.get("operations?status=queued&limit=5")["results"]:
            if row["retry_at"]:
                self._person.post(f"/admin/operations/{row['id']}/cancel")
