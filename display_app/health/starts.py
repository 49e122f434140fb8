"""Starts that died early and nobody knows why: counted in a file of the data folder, three in a row mean the safe mode. Pure.

A start is a stretch in which plugins of others run: it begins with the first of them, and ends when the director is told to stop. One
that lasts two minutes is fine. One that is cut short before, by the death of the director or of the zygote or by a power cut, has died;
it counts when no strike of it names a plugin. In safe mode only bundled plugins run, until a person leaves it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

FILE_NAME = "panel-starts.json"
EARLY_SECONDS = 120.0
DEATHS_TO_SAFE_MODE = 3
REASON = (
    f"The panel ended {DEATHS_TO_SAFE_MODE} times in a row soon after it had begun to run plugins, and no plugin could be blamed. "
    "Only the plugins that come with ledsite run."
)
HINT = "Switch off or remove what was installed or changed last, then leave the safe mode."


@dataclass(frozen=True)
class Starts:
    """`died` in a row; `is_open` while a start is young; `is_blamed` when it has named a plugin; `safe_since` a wall clock's ISO text."""

    died: int = 0
    is_open: bool = False
    is_blamed: bool = False
    safe_since: str = ""

    @property
    def is_safe_mode(self) -> bool:
        """Tell whether only bundled plugins may run."""
        return bool(self.safe_since)

    def begun(self) -> Starts:
        """Plugins of others begin to run."""
        return self if self.is_open else replace(self, is_open=True, is_blamed=False)

    def blamed(self) -> Starts:
        """A plugin was named for what went wrong in this start."""
        return replace(self, is_blamed=True) if self.is_open else self

    def settled(self) -> Starts:
        """This start has lasted: those before no longer count."""
        return replace(self, is_open=False, died=0) if self.is_open else self

    def ended(self) -> Starts:
        """This start ends because somebody said so."""
        return replace(self, is_open=False)

    def lost(self, *, at: str) -> Starts:
        """What was begun came to its end unasked, if anything was; `at` is the wall clock's time."""
        if not self.is_open:
            return self
        died = self.died + (not self.is_blamed)
        return Starts(died=died, safe_since=self.safe_since or (at if died >= DEATHS_TO_SAFE_MODE else ""))

    def left(self) -> Starts:
        """A person left the safe mode."""
        return replace(self, died=0, safe_since="")

    def report(self) -> dict[str, str] | None:
        """Return what people are told of the safe mode, None when it is off."""
        return {"since": self.safe_since, "reason": REASON, "hint": HINT} if self.is_safe_mode else None


def read_starts(path: Path) -> Starts:
    """Return what the file says; a file that is not there or not readable says that all was well."""
    try:
        found = json.loads(path.read_text())
        return Starts(int(found["died"]), found["is_open"] is True, found["is_blamed"] is True, str(found["safe_since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Starts()


def write_starts(path: Path, starts: Starts) -> None:
    """Put the file in place so that it outlives a power cut."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w") as file:
        json.dump(asdict(starts), file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
