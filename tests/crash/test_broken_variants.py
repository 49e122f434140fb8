"""A product without one of its protections is caught by the same crash tests."""

from __future__ import annotations

import itertools

import pytest

from tests.crash.test_every_step import seen, undisturbed
from tests.crash.world import KILLED, World

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

AFTER_COMMIT = ("no_journal", "no_settle")


@pytest.mark.parametrize(
    ("variant", "broken_kind"),
    [
        ("no_transaction", "uninstall"),
        ("no_settle", "update"),
        ("no_cleaning", "update"),
        ("no_second_mirror", "update"),
        ("no_journal", "install"),
    ],
)
def test_it_is_caught(world: World, variant: str, broken_kind: str) -> None:
    expected, points = undisturbed(world, broken_kind)
    number = world.operations[broken_kind]
    for step in itertools.count(points - 6 if variant in AFTER_COMMIT else 1):
        world.load(broken_kind)
        answer = world.attempt("work", number, kill_at=step, variant=variant)
        if answer["code"] != KILLED:
            break
        world.attempt("recover", variant=variant)
        left = world.do("inspect", number)
        if left["wrong"] or left["status"] != "succeeded" or seen(left) != expected:
            return
    pytest.fail(f"{variant} was not noticed in {step - 1} kills")
