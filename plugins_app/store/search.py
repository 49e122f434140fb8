"""Which plugins a search and its filters mean, and in which order they come (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

from plugins_app.exceptions import BadRequest
from plugins_app.store.words import Searched, fold, searched, terms_of

SORTS = ("", "match", "name", "stars", "newest", "updated")
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
        self._terms = terms_of(wanted.query)
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
        texts = (entry.registry_id, entry.name, entry.description, entry.author, entry.category)
        return not self._terms or searched(*texts, tuple(entry.tags)).has(self._terms)


def accepts_row(wanted: Wanted, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is meant, by what an entry alone does not say: whether it is installed, has an update, and fits."""
    known = {"installed": row["installed"], "updatable": row["update_available"], "compatible": row["compatible"]}
    return all(getattr(wanted, name) in (None, value) for name, value in known.items())


def sort_rows(rows: list[dict[str, Any]], sort: str, *, query: str = "") -> list[dict[str, Any]]:
    """Sort by how well a query matches, by name, stars, first or last appearance; anything else keeps the registry's order."""
    if sort == "match":
        terms = terms_of(query)
        return sorted(rows, key=lambda row: searched_row(row).rank(terms)) if terms else rows
    if sort == "name":
        return sorted(rows, key=lambda row: fold(row["name"]))
    if sort == "stars":
        return sorted(rows, key=lambda row: -row["stars"])
    if sort == "newest":
        return sorted(rows, key=lambda row: row["first_seen_at"] or "", reverse=True)
    if sort == "updated":
        return sorted(rows, key=lambda row: row["last_updated"][:19], reverse=True)
    return rows


def searched_row(row: Mapping[str, Any]) -> Searched:
    """Return what a row is found by."""
    return searched(row["id"], row["name"], row["description"], row["author"], row["category"], tuple(row["tags"]))


def _flag(name: str, text: str) -> bool | None:
    if text.strip().lower() not in _YES_AND_NO:
        raise BadRequest(f"{name}={text[:40]!r} is neither true nor false.", code="bad-filter", hint=f"Write {name}=true or {name}=false.")
    return _YES_AND_NO[text.strip().lower()]
