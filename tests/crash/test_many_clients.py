"""Sixteen clients ask the real product for mixed work on four plugins at once: nobody waits in vain, nothing is locked or lost."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crash.siege import OPEN, Siege
from tests.crash.test_every_step import FULL
from tests.fakes.product import wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(1800)]

CLIENTS = 16
REQUESTS = 25 if FULL else 3


class Client(Siege):
    """One of many; what is new was published before they came."""

    def publish(self) -> None:
        """Leave the shop as it is."""

    def has_ended(self, number: int) -> bool:
        """Tell whether an operation is over."""
        return self.product.get(f"operations/{number}")["status"] not in OPEN


def test_sixteen_clients_do_mixed_operations_on_four_plugins(siege: Siege) -> None:
    siege.publish()
    clients = [Client(siege.product, siege.repository, siege.hub, random.Random(number)) for number in range(CLIENTS)]

    def keep_asking(client: Client) -> None:
        for _ in range(REQUESTS):
            known = set(client.accepted)
            client.ask()
            for number in client.accepted - known:
                wait_for(lambda: client.has_ended(number), seconds=150, what=f"an end of operation {number}")  # noqa: B023 (used up here)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(keep_asking, clients))
    siege.accepted = set().union(*(client.accepted for client in clients))
    siege.check()
    ended = [operation for operation in siege.operations() if operation["id"] in siege.accepted]
    codes = Counter((operation["error"] or {}).get("code", "") for operation in ended)
    assert not any(operation["status"] in OPEN for operation in ended)
    assert "internal-error" not in codes
    answers = sum((client.answers for client in clients), Counter[int]())
    print(f"{CLIENTS} clients: {answers.total()} requests {dict(answers)}, {len(ended)} operations ended, {dict(codes)}, none lost")
