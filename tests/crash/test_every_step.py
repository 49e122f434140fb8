"""An operation that is killed at any of its steps is finished by the next worker, and leaves what an undisturbed one leaves."""

from __future__ import annotations

import itertools
import os
import re
from typing import Any

import pytest

from tests.crash.scenes import SCENES
from tests.crash.world import KILLED, World

FULL = bool(os.environ.get("CRASH_FULL"))
pytestmark = [pytest.mark.process, pytest.mark.timeout(6 * 3600 if FULL else 600)]

# The whole matrix takes minutes: CRASH_FULL=1. The last steps are those around commit and place; before them nothing is decided.
EVERY_ONE_OF_THE_LAST = 7
# As `install`, `update` and `rollback`: a sample is enough when those are killed everywhere.
NEARLY_THE_SAME = {"reinstall", "converge", "renew", "automatic", "probation"}
DISTINCT = [kind for kind in SCENES if FULL or kind not in NEARLY_THE_SAME]
OF_SEVERAL = {"probation"}  # whose end lets the update of another plugin begin
CHANGING = re.compile(r"\b(?:op\d+-\d+|local)-[0-9a-f]{8}|datetime\.datetime\([^()]*(?:\([^()]*\))?[^()]*\)")


def seen(answer: dict[str, Any]) -> dict[str, str]:
    """Return a picture without what differs from run to run: names of generations and times."""
    return {name: CHANGING.sub("*", str(value)) for name, value in answer["picture"].items()}


def undisturbed(world: World, kind: str) -> tuple[dict[str, str], int]:
    """Return what an operation leaves when nobody kills it, and how many points it passes; found out once."""
    if kind in world.undisturbed:
        return world.undisturbed[kind]
    world.load(kind)
    points = world.do("work", world.operations[kind], kill_at=None)
    answer = world.do("inspect", world.operations[kind])
    assert (answer["wrong"], answer["status"]) == ([], "succeeded"), answer
    world.undisturbed[kind] = seen(answer), points
    return world.undisturbed[kind]


def check(world: World, kind: str, expected: dict[str, str], case: str) -> None:
    """Recover, and hold what is left against the invariants and the undisturbed run."""
    answer = world.do("recover_and_inspect", world.operations[kind])
    assert (answer["wrong"], answer["status"]) == ([], "succeeded"), (case, answer["wrong"], answer["status"], answer["error"])
    assert seen(answer) == expected, case
    assert kind in OF_SEVERAL or answer["picture"]["folders"]["bystander"] == world.bystander[kind], ("I9", case)


def is_taken(kind: str, step: int, points: int) -> bool:
    """Tell whether a step is among those that are tried."""
    if FULL or step % 5 == 0:
        return True
    return kind not in NEARLY_THE_SAME and step >= points - EVERY_ONE_OF_THE_LAST


def test_a_kill_at_every_step(world: World, kind: str) -> None:
    expected, points = undisturbed(world, kind)
    killed = 0
    for step in itertools.count(1):
        if step <= points and not is_taken(kind, step, points):
            continue
        world.load(kind)
        answer = world.attempt("work", world.operations[kind], kill_at=step)
        if answer["code"] != KILLED:
            break
        check(world, kind, expected, f"killed at {step}")
        killed += 1
    print(f"{kind}: killed at {killed} of {step - 1} steps, 0 inconsistent")
    assert step - 1 == points >= 2


def test_a_second_kill_inside_recovery(world: World, kind: str) -> None:
    expected, points = undisturbed(world, kind)
    cases = 0
    for step in range(1, points + 1) if FULL else (max(1, points - 3),):
        world.load(kind)
        world.attempt("work", world.operations[kind], kill_at=step)
        world.save("half")
        for again in itertools.count(1, 1 if FULL else 4):
            world.load("half")
            if world.attempt("recover", kill_at=again)["code"] != KILLED or (again > 9 and not FULL):
                break
            check(world, kind, expected, f"killed at {step}, recovery at {again}")
            cases += 1
    print(f"{kind}: {cases} double kills, 0 inconsistent")
    assert cases
