"""What changed in the store since a person was there last: a journal that refreshes write, and a place in it for everybody.

The place is the number of a change, not a time: a Pi's clock may be wrong. What is marked stays marked for the whole visit, and is
compared with the end of the one before; a visit has ended when nobody opened the store for half an hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from plugins_app.models import RegistryEntry, RegistrySource, StoreChange, StoreVisit

VISIT_ENDS_AFTER = timedelta(minutes=30)
WRITTEN_AFTER = timedelta(minutes=1)
KEPT = 2000
NAMED = 5
Kind = StoreChange.Kind


@dataclass(frozen=True)
class Change:
    """What became of one offer: new, updated or gone."""

    id: str
    name: str
    kind: str
    version: str
    from_version: str
    source: str
    at: datetime


@dataclass(frozen=True)
class News:
    """What changed for one person, and since when."""

    since: datetime | None
    changes: tuple[Change, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the body of GET store/changes."""
        return {"count": len(self.changes), "since": self.since, "results": [asdict(change) for change in self.changes]}

    def by_kind(self) -> list[tuple[str, list[Change]]]:
        """Return the changes of every kind that there is: new, updated, gone."""
        found = [(str(kind), [change for change in self.changes if change.kind == kind]) for kind in Kind]
        return [(kind, changes) for kind, changes in found if changes]

    @property
    def has_many(self) -> bool:
        """Tell whether there are more than a line can name."""
        return any(len(changes) > NAMED for _, changes in self.by_kind())

    def marks(self) -> dict[tuple[str, str], Change]:
        """Return the changes by registry and id."""
        return {(change.source, change.id): change for change in self.changes}


def record(source: RegistrySource, before: Mapping[str, RegistryEntry], after: Iterable[RegistryEntry], *, now: datetime) -> None:
    """Write down what a new file of a registry changes; a registry that is new itself changes nothing. In the caller's transaction."""
    if not before:
        return
    known = {entry.registry_id: entry for entry in after}
    rows = [_change(source, before.get(name), known.get(name), now=now) for name in dict.fromkeys([*before, *known])]
    StoreChange.objects.bulk_create(row for row in rows if row is not None)
    StoreChange.objects.filter(pk__lte=_latest() - KEPT).delete()


def open_visit(user: User, *, now: datetime | None = None) -> News:
    """Return what to mark for somebody who opens the store, and remember that it was shown."""
    now, latest = now or timezone.now(), _latest()
    visit = StoreVisit.objects.filter(user=user).first()
    place = {"marked_after": latest, "marked_since": now}
    if visit is not None:
        is_over = not timedelta(0) <= now - visit.visited_at < VISIT_ENDS_AFTER
        if not is_over and visit.seen_until == latest and now - visit.visited_at < WRITTEN_AFTER:
            return _news(visit)
        before = (visit.seen_until, visit.visited_at) if is_over else (visit.marked_after, visit.marked_since)
        place = {"marked_after": before[0], "marked_since": before[1]}
    # Two pages may be opened at the same moment, by somebody who was never here.
    visit, _ = StoreVisit.objects.update_or_create(user=user, defaults={**place, "seen_until": latest, "visited_at": now})
    return _news(visit)


def news(user: User) -> News:
    """Return what is marked for somebody, without counting as a visit."""
    visit = StoreVisit.objects.filter(user=user).first()
    return _news(visit) if visit is not None else News(since=None)


def mark_as_seen(user: User, *, now: datetime | None = None) -> None:
    """Take every mark away."""
    now, latest = now or timezone.now(), _latest()
    place = {"marked_after": latest, "marked_since": now, "seen_until": latest, "visited_at": now}
    StoreVisit.objects.update_or_create(user=user, defaults=place)


def _news(visit: StoreVisit) -> News:
    rows = StoreChange.objects.filter(pk__gt=visit.marked_after).select_related("source").order_by("source_id", "registry_id", "pk")
    merged = [_merged(list(found)) for _, found in groupby(rows, key=lambda row: (row.source_id, row.registry_id))]
    changes = sorted((change for change in merged if change is not None), key=lambda change: (change.kind, change.name.casefold()))
    return News(visit.marked_since, tuple(changes))


def _merged(rows: list[StoreChange]) -> Change | None:
    """Add up what happened to one offer; None when it is as it was."""
    first, last = rows[0], rows[-1]
    was_there, is_there = first.kind != Kind.NEW, last.kind != Kind.GONE
    if was_there and is_there and first.from_version != last.version:
        kind = Kind.UPDATED
    elif was_there != is_there:
        kind = Kind.NEW if is_there else Kind.GONE
    else:
        return None
    return Change(
        id=last.registry_id,
        name=last.name,
        kind=str(kind),
        version=last.version,
        from_version=first.from_version,
        source=last.source.name,
        at=last.at,
    )


def _change(source: RegistrySource, before: RegistryEntry | None, after: RegistryEntry | None, *, now: datetime) -> StoreChange | None:
    entry = after or before
    if entry is None or (before and after and before.latest_version == after.latest_version):
        return None
    return StoreChange(
        source=source,
        registry_id=entry.registry_id,
        name=entry.name,
        kind=Kind.UPDATED if before and after else Kind.NEW if after else Kind.GONE,
        from_version=before.latest_version if before else "",
        version=after.latest_version if after else "",
        at=now,
    )


def _latest() -> int:
    return StoreChange.objects.aggregate(last=Max("pk"))["last"] or 0
