"""The log of one plugin in entries: a line with its level and what was printed after it; filtered, and cut to the last ones. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from display_app.health.network_words import network_words
from plugins_app.package.jsonfile import clean_text

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LATEST = 8
COMPLAINTS = ("WARNING", "ERROR", "CRITICAL")
MOST_BYTES = 2 * 1024 * 1024
LONGEST_LINE = 2000
_HEAD = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d{3} (DEBUG|INFO|WARNING|ERROR|CRITICAL) (.*)")


@dataclass(frozen=True)
class Entry:
    """One thing that was said; what a plugin prints has no time and counts as INFO."""

    at: str
    level: str
    text: str


def read_log(path: Path) -> str:
    """Return what is kept of a plugin's output, the older file first; empty when there is none."""
    return "".join(_read(each) for each in (path.with_name(path.name + ".1"), path))


def entries(lines: Iterable[str]) -> list[Entry]:
    """Return lines as entries: a traceback belongs to the line before it."""
    found: list[Entry] = []
    for line in map(_clean, lines):
        head = _HEAD.fullmatch(line)
        if head is not None:
            found.append(Entry(head[1], head[2], head[3]))
        elif found and found[-1].at:
            found[-1] = Entry(found[-1].at, found[-1].level, f"{found[-1].text}\n{line}")
        elif line:
            found.append(Entry("", "INFO", line))
    return found


def at_least(found: Iterable[Entry], level: str) -> list[Entry]:
    """Return the entries of a level or a more serious one."""
    return [entry for entry in found if LEVELS.index(entry.level) >= LEVELS.index(level)]


def last_words(lines: Iterable[str]) -> str:
    """Say in a sentence what a plugin complained of last, else what it printed last; empty when it did neither.

    Among its latest complaints one of the network goes first: the others follow from it. What it logs as information explains nothing.
    """
    found = entries(lines)
    complaints = [entry.text for entry in found if entry.level in COMPLAINTS]
    if words := next(filter(None, map(network_words, reversed(complaints[-LATEST:]))), ""):
        return f"It {words}."
    said = complaints or [entry.text for entry in found if not entry.at]
    line = clean_text(said[-1].splitlines()[0], limit=200) if said and said[-1] else ""
    return f"Its log says: {line}" if line else ""


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _clean(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip(" "))]
    return (indent + clean_text(line, limit=LONGEST_LINE))[:LONGEST_LINE]
