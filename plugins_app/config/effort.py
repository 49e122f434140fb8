"""Whether settings can be held against a schema in reasonable time: a schema of a few lines can ask for years of work (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from plugins_app.config.pointers import ABSENT, value_at

MOST_VALUES = 20_000
MOST_STEPS = 50_000_000


class TooMuch(ValueError):
    """The schema would take too long; the text says why."""


def count_values(settings: Any) -> int:
    """Count the values in settings, those inside of lists and objects too."""
    count, waiting = 0, [settings]
    while waiting:
        item = waiting.pop()
        count += 1
        waiting += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return count


def check_effort(schema: dict[str, Any], settings: Any) -> None:
    """Raise TooMuch when a normalised schema refers to itself, or grows too large once its references are followed."""
    try:
        size = _Sizes(schema).of(schema)
    except RecursionError as error:
        raise TooMuch("its references are nested too deeply") from error
    if size * count_values(settings) > MOST_STEPS:
        raise TooMuch("it is too large to be followed")


class _Sizes:
    """Sizes of the parts of one schema, references followed; every target is measured once."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._known: dict[str, int] = {}
        self._open: set[str] = set()

    def of(self, part: Any) -> int:
        size = 1
        for inner in _inside(part):
            size += self.of(inner)
        if isinstance(part, dict) and isinstance(part.get("$ref"), str):
            size += self._of_target(unquote(part["$ref"].removeprefix("#")))
        return min(size, MOST_STEPS + 1)

    def _of_target(self, pointer: str) -> int:
        if pointer in self._open:
            raise TooMuch("it refers to itself")
        if pointer not in self._known:
            self._open.add(pointer)
            target = value_at(self._root, pointer) if pointer.startswith("/") else self._root
            if target is ABSENT:
                raise TooMuch("it refers to what is not there")
            self._known[pointer] = self.of(target)
            self._open.discard(pointer)
        return self._known[pointer]


def _inside(part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        yield from part.values()
    elif isinstance(part, list):
        yield from part
