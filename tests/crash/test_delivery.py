"""The queue may deliver an operation several times, to several workers at once: its effect happens once."""

from __future__ import annotations

import pytest

from tests.crash.world import World

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]


def test_eight_workers_get_the_same_operation(world: World, kind: str) -> None:
    world.load(kind)
    number = world.operations[kind]
    answers = world.together(8, "work", number, kill_at=None)
    assert [answer["code"] for answer in answers] == [0] * 8
    answer = world.do("inspect", number)
    assert (answer["wrong"], answer["status"], answer["attempts"]) == ([], "succeeded", 1 if number > 0 else 0)
    print(f"{kind}: 8 deliveries, 1 effect")


def test_a_later_delivery_changes_nothing(world: World) -> None:
    world.load("update")
    number = world.operations["update"]
    world.do("work", number, kill_at=None)
    before = world.do("inspect", number)
    world.do("work", number, kill_at=None)
    assert world.do("inspect", number) == before


def test_eight_requests_at_once_are_one_operation(world: World) -> None:
    world.load("empty")
    world.do("refresh")
    answers = world.together(8, "request", "install")
    assert len({answer["value"] for answer in answers}) == 1, answers
    assert world.do("queued") == 1
