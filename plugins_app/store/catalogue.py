"""What is on offer, out of rows alone: a reader never waits for the network."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.utils import timezone

from plugins_app.exceptions import BadRequest, NotFound
from plugins_app.models import RegistryEntry, RegistrySource, RepositoryFacts, Revision
from plugins_app.store.facets import Facets, count_facets
from plugins_app.store.offers import Offers, branch_of, folder_of
from plugins_app.store.plan import slug_of
from plugins_app.store.search import ANYTHING, SORTS, EntryFilter, Wanted, accepts_row, sort_rows
from plugins_app.store.sources import all_sources

NOT_FETCHED = {
    "code": "registry-not-fetched",
    "message": "The registry has not been asked yet.",
    "hint": "A worker asks it within a minute of the start; or refresh the store now.",
}


@dataclass(frozen=True)
class Catalogue:
    """One answer of the store: rows as the API shows them, and how old they are."""

    results: list[dict[str, Any]]
    fetched_at: datetime | None
    stale: bool
    problem: dict[str, str] | None
    fresh_until: datetime | None = None
    """When `stale` becomes true by itself."""

    def as_dict(self) -> dict[str, Any]:
        """Return the body of GET store/list; `problem` stands in it only when there is one."""
        body: dict[str, Any] = {
            "count": len(self.results),
            "fetched_at": self.fetched_at,
            "stale": self.stale,
            "results": self.results,
        }
        return body if self.problem is None else {**body, "problem": self.problem}


def browse(wanted: Wanted = ANYTHING, *, sort: str = "") -> Catalogue:
    """Return what is on offer, filtered, in registry order unless sorted; BadRequest `unknown-sort`."""
    _check_sort(sort)
    sources = all_sources()
    return _catalogue(sources[0], sort_rows(_meant(_offered(sources), wanted), sort, query=wanted.query))


def browse_with_facets(wanted: Wanted = ANYTHING, *, sort: str = "") -> tuple[Catalogue, Facets]:
    """Return what `browse` returns, and how many plugins every filter would show beside the others."""
    _check_sort(sort)
    sources = all_sources()
    offered = _offered(sources)
    return _catalogue(sources[0], sort_rows(_meant(offered, wanted), sort, query=wanted.query)), count_facets(offered.rows, wanted)


def forget() -> None:
    """Build the rows anew at the next look, whatever the revisions say."""
    global _kept
    _kept = None


def row_of(entry: RegistryEntry) -> dict[str, Any]:
    """Return one entry as a row of the list."""
    return _rows([entry])[0]


def _rows(entries: Iterable[RegistryEntry]) -> list[dict[str, Any]]:
    offers = Offers()
    return [offers.row(entry) for entry in entries]


@dataclass(frozen=True)
class _Offered:
    """Every entry in registry order with its row, and the key under which they were built."""

    key: Hashable
    entries: list[RegistryEntry]
    rows: list[dict[str, Any]]


_kept: _Offered | None = None
_building = threading.RLock()


def _offered(sources: list[RegistrySource]) -> _Offered:
    """Return what this process has built when nothing has changed since; every writer raises a revision in its transaction."""
    global _kept
    key = rows_key()
    kept = _kept
    if kept is not None and kept.key == key and key[2]:
        return kept
    with _building:  # who comes meanwhile waits for what is built: together they would take as many times as long
        if _kept is None or _kept.key != key or not key[2]:
            entries = _entries(sources)
            _kept = _Offered(key, entries, _rows(entries))
        return _kept


def _meant(offered: _Offered, wanted: Wanted) -> list[dict[str, Any]]:
    """Return the rows that are meant, as copies: who asks may add to them."""
    is_meant = EntryFilter(wanted)
    pairs = zip(offered.entries, offered.rows, strict=True)
    return [dict(row) for entry, row in pairs if is_meant.accepts(entry) and accepts_row(wanted, row)]


def _check_sort(sort: str) -> None:
    if sort not in SORTS:
        raise BadRequest(
            f"{sort[:40]!r} is not an order.", code="unknown-sort", hint=f"Use one of {', '.join(name for name in SORTS if name)}."
        )


def _catalogue(source: RegistrySource, rows: list[dict[str, Any]]) -> Catalogue:
    return Catalogue(
        results=rows,
        fetched_at=source.fetched_at,
        stale=_is_stale(source),
        problem=source.problem or (NOT_FETCHED if source.fetched_at is None else None),
        fresh_until=None if _is_stale(source) or source.fetched_at is None else source.fetched_at + _registry_ttl(),
    )


def rows_key(revisions: dict[str, int] | None = None) -> tuple[str, int, int, str]:
    """Return what all rows depend on: equal keys have equal rows; `revisions` were read a moment ago."""
    revisions = revisions or Revision.all_values()
    return str(connection.settings_dict["NAME"]), revisions["plugins"], revisions["store"], settings.LEDSITE.registry_url


def answer_key(revisions: dict[str, int] | None = None) -> Hashable:
    """Return what every answer of `browse` depends on but the time: the rows, their age and what is wrong with the registry.

    They are apart because a registry that only confirms what it said makes every answer younger and no row different.
    """
    revisions = revisions or Revision.all_values()
    return rows_key(revisions), revisions["freshness"]


def find_entry(plugin_id: str, *, registry: str = "") -> RegistryEntry:
    """Find by registry id, then by the folder in its repository, then without `ledmatrix-`; NotFound `not-in-registry`.

    `registry` is the name of the one that a plugin came from: what is installed never changes to another by itself.
    """
    sources = [source for source in all_sources() if not registry or source.name == registry]
    entries, wanted = _entries(sources), plugin_id.lower()
    short = wanted.removeprefix("ledmatrix-")
    candidates = [
        *(entry for entry in entries if entry.registry_id.lower() == wanted),
        *(entry for entry in entries if folder_of(entry).lower() == wanted),
        *(entry for entry in entries if entry.registry_id.lower() == short),
    ]
    if not candidates:
        raise NotFound(
            f"{plugin_id[:63]} is not in the registry.",
            code="not-in-registry",
            hint="Search the store for its name, or refresh the store when it is new.",
        )
    return candidates[0]


def archive_url(entry: RegistryEntry, *, branch: str | None = None) -> str:
    """Return the address of a branch's archive: the repository is a name, the base comes from the settings."""
    return f"{settings.LEDSITE.github_url}/{slug_of(entry.repo)}/archive/refs/heads/{quote(branch or default_branch(entry))}.zip"


def default_branch(entry: RegistryEntry) -> str:
    """Return the branch that is installed unless a person names another."""
    facts = None if entry.branch else RepositoryFacts.objects.filter(slug=slug_of(entry.repo).lower()).first()
    return branch_of(entry, facts)


def _entries(sources: list[RegistrySource]) -> list[RegistryEntry]:
    """Return every entry in registry order; one of an added registry that has an id or a folder of an earlier registry does not count."""
    order = {source.pk: place for place, source in enumerate(sources)}
    by_source = {source.pk: source for source in sources}
    # Without a join: a source row built anew for every entry would cost more than the entries.
    entries = [entry for entry in RegistryEntry.objects.order_by("position").defer("versions") if entry.source_id in order]
    found: list[RegistryEntry] = []
    taken: dict[str, int] = {}  # every id and folder, with the registry that had it first
    for entry in sorted(entries, key=lambda entry: order[entry.source_id]):
        entry.source = by_source[entry.source_id]
        names = {entry.registry_id.lower(), folder_of(entry).lower()} - {""}
        if all(taken.setdefault(name, entry.source_id) == entry.source_id for name in names):
            found.append(entry)
    return found


def _is_stale(source: RegistrySource) -> bool:
    if source.fetched_at is None or source.problem is not None:
        return True
    return timezone.now() - source.fetched_at > _registry_ttl()


def _registry_ttl() -> timedelta:
    return timedelta(seconds=settings.LEDSITE.registry_ttl)
