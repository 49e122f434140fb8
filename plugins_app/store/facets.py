"""How many plugins each value of each filter would show beside the other filters that are chosen, and what to loosen (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from plugins_app.store.search import FLAGS, TEXTS, Wanted, searched_row
from plugins_app.store.words import fold, probably_meant, terms_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Value:
    """One value of a filter, and how many plugins it would show."""

    value: str
    count: int


@dataclass(frozen=True)
class Facets:
    """The values of every filter, the most frequent first; how many there would be without each filter that is chosen; what was meant."""

    values: Mapping[str, list[Value]]
    without: Mapping[str, int]
    meant: Value | None = None
    """Where nothing is found: a query like the one that was given, and how many plugins it would show."""

    def as_dict(self) -> dict[str, Any]:
        """Return the body of GET store/facets."""
        values = {name: [asdict(one) for one in found] for name, found in self.values.items()}
        return {"facets": values, "without": dict(self.without), "meant": asdict(self.meant) if self.meant else None}


def count_facets(rows: Sequence[Row], wanted: Wanted) -> Facets:
    """Count rows: one counts for a filter when every *other* filter accepts it."""
    chosen = _Chosen(wanted)
    counters: dict[str, Counter[str]] = {name: Counter() for name in (*TEXTS, *FLAGS)}
    spelled: dict[tuple[str, str], str] = {}
    without: Counter[str] = Counter()
    found = 0
    for row in rows:
        values = _values_of(row)
        refusing = chosen.refusing(row, values)
        found += not refusing
        if len(refusing) > 1:
            continue
        for name in refusing or chosen.names:
            without[name] += 1
        for name in refusing & values.keys() if refusing else values:
            for value in dict.fromkeys(values[name]):
                counters[name][fold(value)] += 1
                spelled.setdefault((name, fold(value)), value)
    return Facets(
        values={name: [Value(spelled[name, folded], count) for folded, count in _by_count(counter)] for name, counter in counters.items()},
        without={name: without[name] for name in chosen.names},
        meant=_meant(rows, wanted) if wanted.query and not found else None,
    )


def _meant(rows: Sequence[Row], wanted: Wanted) -> Value | None:
    query = probably_meant(wanted.query, [searched_row(row) for row in rows])
    chosen = _Chosen(replace(wanted, query=query))
    count = sum(not chosen.refusing(row, _values_of(row)) for row in rows) if query else 0
    return Value(query, count) if count else None


class _Chosen:
    """The filters that are in force."""

    def __init__(self, wanted: Wanted) -> None:
        self._texts = {name: fold(text) for name, text in wanted.as_texts().items()}
        self._texts.pop("query", None)
        self._terms = terms_of(wanted.query)
        self.names = list(wanted.as_texts())

    def refusing(self, row: Row, values: Mapping[str, list[str]]) -> set[str]:
        """Return the filters that do not accept a row."""
        found = {name for name, text in self._texts.items() if text not in [fold(value) for value in values[name]]}
        return found if not self._terms or searched_row(row).has(self._terms) else found | {"query"}


def _values_of(row: Row) -> dict[str, list[str]]:
    flags = {"verified": "verified", "installed": "installed", "updatable": "update_available", "compatible": "compatible"}
    texts = {"category": [row["category"]], "tag": row["tags"], "author": [row["author"]], "source": [row["source"]]}
    return {name: [text for text in found if text] for name, found in texts.items()} | {
        name: [str(bool(row[key])).lower()] for name, key in flags.items()
    }


def _by_count(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))
