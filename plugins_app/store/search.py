"""Which entries a search means: forgiving about case, accents and the order of words (pure)."""

from __future__ import annotations

import unicodedata
from typing import Any, Protocol

SORTS = ("", "name", "stars", "newest", "updated")


class Entry(Protocol):
    """What is searched."""

    registry_id: str
    name: str
    description: str
    author: str
    category: str
    tags: list[str]


class EntryFilter:
    """Words that must all be found, a category and a tag; what is empty accepts everything."""

    def __init__(self, *, query: str = "", category: str = "", tag: str = "") -> None:
        self._words = fold(query).split()
        self._category, self._tag = fold(category).strip(), fold(tag).strip()

    def accepts(self, entry: Entry) -> bool:
        """Tell whether an entry is meant."""
        if self._category and fold(entry.category) != self._category:
            return False
        if self._tag and self._tag not in [fold(tag) for tag in entry.tags]:
            return False
        if not self._words:
            return True
        text = fold(" ".join([entry.registry_id, entry.name, entry.description, entry.author, entry.category, *entry.tags]))
        return all(word in text for word in self._words)


def sort_rows(rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """Sort by name, stars or the last change; anything else keeps the registry's order."""
    if sort == "name":
        return sorted(rows, key=lambda row: fold(row["name"]))
    if sort == "stars":
        return sorted(rows, key=lambda row: -row["stars"])
    if sort in ("newest", "updated"):
        return sorted(rows, key=lambda row: row["last_updated"][:19], reverse=True)
    return rows


def fold(text: str) -> str:
    """Return text without case and accents."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
