"""The current goes away while an operation is at work: what was not flushed is lost, and all the same nothing is inconsistent."""

from __future__ import annotations

import random
import shutil

import pytest

from tests.crash.powercut import cut
from tests.crash.test_every_step import DISTINCT, FULL, seen, undisturbed
from tests.crash.world import KILLED, World

pytestmark = [pytest.mark.process, pytest.mark.timeout(6 * 3600 if FULL else 600)]

COMMITTING = {"install", "reinstall", "update", "uninstall", "undo", "rollback", "purge", "automatic", "return"}
CUTS_AT_A_STEP = 4 if FULL else 1


def after_power_cut(world: World, kind: str, expected: dict[str, str], *, step: int, seed: int, variant: str = "") -> list[str]:
    """Work, cut the power at a step, recover; return what is wrong then."""
    number, changes, names = world.operations[kind], world.folder / "changes", world.folder / "points"
    world.load(kind)
    shutil.rmtree(changes, ignore_errors=True)
    names.unlink(missing_ok=True)
    answer = world.attempt("work", number, kill_at=step, variant=variant, changes=str(changes), record=str(names))
    assert answer["code"] == KILLED, answer
    plugin_dir, database = world.live / "root" / "plugin-repos", world.live / "var" / "ledsite.sqlite3"
    lost = cut(changes, plugin_dir=plugin_dir, database=database, dice=random.Random(seed))
    case = f"{kind}, power cut at {step}, seed {seed}: lost {lost}"
    if kind in COMMITTING and "committed" in names.read_text().split() and not world.do("is_decided", number):
        return [f"{case}: the commit was lost"]
    answer = world.attempt("recover", variant=variant)
    if answer["code"] or "failed" in answer:
        return [f"{case}: {answer}"]
    left = world.do("inspect", number)
    if left["wrong"] or left["status"] != "succeeded" or seen(left) != expected:
        return [f"{case}: {left['wrong']}, {left['status']}, {left['error'] if number else ''}", *_differences(seen(left), expected)]
    return []


def _differences(left: dict[str, str], expected: dict[str, str]) -> list[str]:
    return [f"{name}: {left[name]}\nexpected {expected[name]}" for name in expected if left[name] != expected[name]]


@pytest.mark.parametrize("kind", DISTINCT)
def test_the_power_is_cut(world: World, kind: str) -> None:
    expected, points = undisturbed(world, kind)
    steps = range(1, points + 1) if FULL else range(max(1, points - 7), points + 1, 3)
    cuts = [(step, 100 * number + step) for step in steps for number in range(CUTS_AT_A_STEP)]
    wrong = [problem for step, seed in cuts for problem in after_power_cut(world, kind, expected, step=step, seed=seed)]
    print(f"{kind}: {len(cuts)} power cuts, {len(wrong)} inconsistent")
    assert wrong == []
