"""The words of a search: where they are found, how well they match, and what was probably meant when nothing is found (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

_BETWEEN = re.compile(r"[\W_]+")
ALIKE = 0.75
MOST_GUESSED = 5
LINE = "\n"
"""Stands between texts: no term is found across them."""
LONG = 5
"""Shorter words are not looked for across the gaps of a name: they would be found by chance."""


@dataclass(frozen=True)
class Searched:
    """What one plugin is found by: all of its words, those of its name and id, and those that it is filed under."""

    text: str
    name: str
    filed: str
    joined: str
    """Name, id and tags, each without gaps: `nowplaying` is found in "Now Playing"."""

    def has(self, terms: Iterable[str]) -> bool:
        """Tell whether every term is found."""
        return all(term in self.text or (len(term) >= LONG and term.replace(" ", "") in self.joined) for term in terms)

    def rank(self, terms: Sequence[str]) -> int:
        """Return how well terms match, the best first: the name begins with them, they are in it, it is filed under them, anywhere."""
        if f"{self.name.partition(LINE)[0]} ".startswith(f"{' '.join(terms)} "):
            return 0
        if all(term in self.name for term in terms):
            return 1
        return 2 if all(term in self.filed for term in terms) else 3


@lru_cache(maxsize=2048)
def searched(plugin_id: str, name: str, description: str, author: str, category: str, tags: tuple[str, ...]) -> Searched:
    """Take a plugin apart; every search asks for the same few."""
    named, filed = [_plain(name), _plain(plugin_id)], [_plain(text) for text in (category, *tags)]
    return Searched(
        text=LINE.join([*named, *filed, _plain(description), _plain(author)]),
        name=LINE.join(named),
        filed=LINE.join([*named, *filed]),
        joined=LINE.join(text.replace(" ", "") for text in (*named, *filed)),
    )


def terms_of(query: str) -> list[str]:
    """Return what must be found: the words between spaces, each with a space for the signs in it (`now-playing`)."""
    return [_plain(text) for text in query.split()]


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded; signs between them do not count unless there is nothing else."""
    folded = fold(text)
    return _BETWEEN.sub(" ", folded).split() or folded.split()


def probably_meant(query: str, offered: Sequence[Searched]) -> str:
    """Return a query with each word that is found nowhere replaced by the one most like it; empty when there is none."""
    texts = LINE.join(one.text for one in offered)
    known = sorted({word for one in offered for word in one.filed.split() if len(word) > 2})
    words = words_of(query)
    unknown = [word for word in words if word not in texts]
    likest = {word: get_close_matches(word, known, n=1, cutoff=ALIKE) for word in unknown} if len(unknown) <= MOST_GUESSED else {}
    return " ".join(likest[word][0] if word in likest else word for word in words) if likest and all(likest.values()) else ""


def fold(text: str) -> str:
    """Return text without case and accents."""
    if text.isascii():
        return text.lower()
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))


def _plain(text: str) -> str:
    return " ".join(words_of(text))
