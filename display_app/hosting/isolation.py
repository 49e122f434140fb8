"""How well hosts are held, in three levels that are claimed only after a probe host has tried to break out; level 0 is none."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

TEXTS = {
    0: "Plugins run as the administrator of this machine: a plugin can read and change everything. Start the product as an ordinary user.",
    1: "Plugins are kept from hurting the panel by mistake, but they run as the same user: a hostile plugin could read settings and keys.",
    2: "Plugins cannot read the database, keys or settings of others, and cannot signal the product's processes.",
    3: "Plugins run as a user of their own, and cannot read the database, keys or settings of others.",
}


@dataclass(frozen=True)
class Isolation:
    """The level that was reached, in a number and a sentence."""

    level: int
    text: str


def judge(*, own_uid: int, probe_uid: int | None, succeeded: tuple[str, ...]) -> Isolation:
    """Return the level that a probe's report proves; `probe_uid` None means that there was no report."""
    unproven = 0 if own_uid == 0 else 1
    if probe_uid is None:
        return Isolation(unproven, TEXTS[unproven] + " (The check of the isolation itself failed.)")
    if succeeded:
        level = 0 if probe_uid == 0 else 1
        return Isolation(level, TEXTS[level])
    level = 2 if probe_uid == own_uid else 3
    return Isolation(level, TEXTS[level])


def attempt_break_out(what: dict[str, Any]) -> tuple[str, ...]:
    """Try, inside a confined process, everything that a plugin must not be able to do; name what worked."""
    attempts: list[tuple[str, Callable[[], object]]] = []
    attempts += [(f"read {Path(path).name}", partial(_read, path)) for path in what.get("files", [])]
    attempts += [(f"list {Path(folder).name}", partial(_list, folder)) for folder in what.get("folders", [])]
    for pid in what.get("pids", []):
        attempts += [
            (f"signal {pid}", partial(os.kill, pid, 0)),
            (f"memory of {pid}", partial(_open, f"/proc/{pid}/mem")),
            (f"environment of {pid}", partial(_read, f"/proc/{pid}/environ")),
            (f"limits of {pid}", partial(resource.prlimit, pid, resource.RLIMIT_NOFILE)),
        ]
    return tuple(name for name, attempt in attempts if _works(attempt))


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _read(path: str) -> None:
    with open(path, "rb", buffering=0) as file:
        file.read(1)


def _open(path: str) -> None:
    os.close(os.open(path, os.O_RDONLY | os.O_CLOEXEC))


def _list(folder: str) -> None:
    list(Path(folder).iterdir())
