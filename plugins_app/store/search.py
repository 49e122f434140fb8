"""Which plugins a search and its filters mean, and in which order they come (pure)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

from plugins_app.exceptions import BadRequest

SORTS = ("", "name", "stars", "newest", "updated")
TEXTS = ("category", "tag", "author", "source")
FLAGS = ("verified", "installed", "updatable", "compatible")
NAMES = ("query", *TEXTS, *FLAGS)
_YES_AND_NO = {"": None, "true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class Entry(Protocol):
    """What is searched."""

    registry_id: str
    name: str
    description: str
    author: str
    category: str
    tags: list[str]
    verified: bool

    @property
    def source(self) -> Any:
        """The registry that it stands in."""


@dataclass(frozen=True)
class Wanted:
    """Words that must all be found, and filters; what is empty or None accepts everything."""

    query: str = ""
    category: str = ""
    tag: str = ""
    author: str = ""
    source: str = ""
    verified: bool | None = None
    installed: bool | None = None
    updatable: bool | None = None
    compatible: bool | None = None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Wanted:
        """Read what stands in an address; BadRequest `bad-filter` for a flag that is neither true nor false."""
        values: dict[str, Any] = {name: given.get(name, "").strip()[:200] for name in ("query", *TEXTS)}
        return cls(**values | {name: _flag(name, given.get(name, "")) for name in FLAGS})

    def as_texts(self) -> dict[str, str]:
        """Return what is wanted as an address would say it, without what is not."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in found.items()}
        return {name: text for name, text in texts.items() if text not in ("", None)}

    def without(self, name: str) -> Wanted:
        """Return the same with one filter less."""
        nothing: Any = None if name in FLAGS else ""
        return replace(self, **{name: nothing})


ANYTHING = Wanted()


class EntryFilter:
    """Tells whether an entry of a registry is meant, as far as the entry itself can tell."""

    def __init__(self, wanted: Wanted) -> None:
        self._words = fold(wanted.query).split()
        self._texts = {name: fold(getattr(wanted, name)).strip() for name in TEXTS}
        self._verified = wanted.verified

    def accepts(self, entry: Entry) -> bool:
        """Tell whether an entry is meant."""
        return not (
            (self._verified is not None and entry.verified != self._verified)
            or self._differs("category", entry.category)
            or self._differs("author", entry.author)
            or self._differs("source", entry.source.name)
            or (self._texts["tag"] and self._texts["tag"] not in [fold(tag) for tag in entry.tags])
            or not self._has_words(entry)
        )

    def _differs(self, name: str, text: str) -> bool:
        return bool(self._texts[name]) and fold(text) != self._texts[name]

    def _has_words(self, entry: Entry) -> bool:
        text = words_of([entry.registry_id, entry.name, entry.description, entry.author, entry.category, *entry.tags])
        return all(word in text for word in self._words) if self._words else True


def accepts_row(wanted: Wanted, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is meant, by what an entry alone does not say: whether it is installed, has an update, and fits."""
    known = {"installed": row["installed"], "updatable": row["update_available"], "compatible": row["compatible"]}
    return all(getattr(wanted, name) in (None, value) for name, value in known.items())


def sort_rows(rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """Sort by name, stars, first or last appearance; anything else keeps the registry's order."""
    if sort == "name":
        return sorted(rows, key=lambda row: fold(row["name"]))
    if sort == "stars":
        return sorted(rows, key=lambda row: -row["stars"])
    if sort == "newest":
        return sorted(rows, key=lambda row: row["first_seen_at"] or "", reverse=True)
    if sort == "updated":
        return sorted(rows, key=lambda row: row["last_updated"][:19], reverse=True)
    return rows


def words_of(texts: list[str]) -> str:
    """Return what is searched for words."""
    return fold(" ".join(texts))


def fold(text: str) -> str:
    """Return text without case and accents."""
    if text.isascii():
        return text.lower()
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))


def _flag(name: str, text: str) -> bool | None:
    if text.strip().lower() not in _YES_AND_NO:
        raise BadRequest(f"{name}={text[:40]!r} is neither true nor false.", code="bad-filter", hint=f"Write {name}=true or {name}=false.")
    return _YES_AND_NO[text.strip().lower()]
