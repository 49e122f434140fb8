"""Runs a case with many dice and counts how it ended; a case that fails names the seed that fails again."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable

FULL = bool(os.environ.get("FUZZ_FULL"))
START = int(os.environ.get("FUZZ_SEED", "0"))


def run(name: str, case: Callable[[random.Random], str], *, few: int, many: int) -> Counter[str]:
    """Run `few` cases, or `many` in `make fuzz`; `case` returns a word for how it ended and raises when something is wrong."""
    count = many if FULL else few
    ended: Counter[str] = Counter()
    for seed in range(START, START + count):
        try:
            ended[case(random.Random(f"{name} {seed}"))] += 1
        except BaseException as error:
            error.add_note(f"{name}: FUZZ_SEED={seed} fails again")
            raise
    print(f"{name}: {count} cases, 0 wrong; {dict(ended.most_common())}")
    return ended
