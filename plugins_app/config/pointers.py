"""JSON pointers (RFC 6901): names of places in settings that survive dots and slashes in keys (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

ABSENT: Any = object()


def pointer_of(parts: Iterable[str | int]) -> str:
    """Return the pointer of a path; the whole document is the empty text."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def parts_of(pointer: str) -> list[str]:
    """Return the path of a pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def value_at(document: Any, pointer: str) -> Any:
    """Return what stands at a pointer, ABSENT when nothing does."""
    for part in parts_of(pointer):
        if isinstance(document, dict) and part in document:
            document = document[part]
        elif isinstance(document, list) and (index := _index(document, part)) is not None:
            document = document[index]
        else:
            return ABSENT
    return document


def place(document: dict[str, Any], pointer: str, value: Any) -> None:
    """Put a value at a pointer, making objects on the way; a list item that is not there is left out."""
    *path, last = parts_of(pointer)
    target: Any = document
    for part in path:
        if isinstance(target, list):
            index = _index(target, part)
            if index is None:
                return
            target = target[index]
        elif isinstance(target, dict):
            if target.get(part) is None:
                target[part] = {}
            target = target[part]
    if isinstance(target, dict):
        target[last] = value
    elif isinstance(target, list) and (index := _index(target, last)) is not None:
        target[index] = value


def remove(document: dict[str, Any], pointer: str) -> None:
    """Take away what stands at a pointer; a list item becomes empty text, so that the others keep their places."""
    *path, last = parts_of(pointer)
    target = value_at(document, pointer_of(path))
    if isinstance(target, dict):
        target.pop(last, None)
    elif isinstance(target, list) and (index := _index(target, last)) is not None:
        target[index] = ""


def runs_through_list(document: Any, pointer: str) -> bool:
    """Tell whether a list lies on the way to a pointer."""
    for part in parts_of(pointer):
        if isinstance(document, list):
            return True
        document = document.get(part) if isinstance(document, dict) else None
    return False


def _index(items: list[Any], part: str) -> int | None:
    return int(part) if part.isascii() and part.isdigit() and int(part) < len(items) else None
