"""A product without one of its protections is caught by the same crash tests."""

from __future__ import annotations

import itertools

import pytest

from tests.crash.test_every_step import seen, undisturbed
from tests.crash.test_power_cut import after_power_cut
from tests.crash.world import KILLED, World

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

AFTER_COMMIT = ("no_journal", "no_settle", "no_second_mirror", "commit_before_store", "receipt_after_commit", "probation_after_commit")


@pytest.mark.parametrize(
    ("variant", "broken_kind"),
    [
        ("no_transaction", "uninstall"),
        ("no_settle", "update"),
        ("no_cleaning", "update"),
        ("no_second_mirror", "update"),
        ("no_journal", "rollback"),
        ("commit_before_store", "install"),
        ("receipt_after_commit", "update"),
        ("tombstone_after_commit", "uninstall"),
        ("settings_before_commit", "uninstall"),
        ("probation_after_commit", "automatic"),
        ("refusal_after_commit", "return"),
        ("secrets_after_commit", "purge"),
        ("grave_opened_before_commit", "undo"),
    ],
)
def test_it_is_caught(world: World, variant: str, broken_kind: str) -> None:
    expected, points = undisturbed(world, broken_kind)
    number = world.operations[broken_kind]
    for step in itertools.count(max(1, points - 10) if variant in AFTER_COMMIT else 1):
        world.load(broken_kind)
        answer = world.attempt("work", number, kill_at=step, variant=variant)
        if answer["code"] != KILLED:
            break
        world.attempt("recover", variant=variant)
        left = world.do("inspect", number)
        if left["wrong"] or left["status"] != "succeeded" or seen(left) != expected:
            print(f"{variant}: noticed at the kill at {step} of {broken_kind}")
            return
    pytest.fail(f"{variant} was not noticed in {step - 1} kills")


def test_two_workers_at_one_operation_are_caught(world: World) -> None:
    world.load("install")
    number = world.operations["install"]
    world.together(8, "work", number, kill_at=None, variant="no_operation_lock")
    assert world.do("inspect", number)["attempts"] > 1


@pytest.mark.parametrize(("variant", "still_ran"), [("", False), ("no_live_lock", True)])
def test_files_that_change_under_a_host_are_caught(world: World, variant: str, still_ran: bool) -> None:
    world.load("update")
    assert world.do("work_beside_a_host", world.operations["update"], variant=variant) is still_ran


@pytest.mark.parametrize(
    ("variant", "broken_kind"),
    [("no_tree_flush", "install"), ("no_receipt_flush", "update"), ("no_full_commit", "uninstall"), ("no_full_commit", "purge")],
)
def test_what_is_not_flushed_is_caught(world: World, variant: str, broken_kind: str) -> None:
    expected, points = undisturbed(world, broken_kind)
    for seed in range(40):
        step = points - seed % 6
        if after_power_cut(world, broken_kind, expected, step=step, seed=seed, variant=variant):
            print(f"{variant}: noticed at power cut {seed + 1} of {broken_kind}")
            return
    pytest.fail(f"{variant} was not noticed in 40 power cuts")
