"""Writes what a registry answered into rows, each answer in one transaction with the revision that tells of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from plugins_app.exceptions import LedsiteError
from plugins_app.models import HttpCacheEntry, RegistryEntry, RegistrySource, Revision
from plugins_app.store import changes
from plugins_app.store.registry_file import FileEntry, RegistryFile

EARLIEST_YEAR = 2008
"""No repository of the places that plugins come from is older."""


def replace(source: RegistrySource, file: RegistryFile, *, etag: str, last_modified: str, now: datetime) -> None:
    """Put the entries of a new file in the place of the old ones."""
    with transaction.atomic():
        known = {entry.registry_id: entry for entry in source.entries.only("registry_id", "name", "latest_version", "first_seen_at")}
        rows = [_row(source, position, entry) for position, entry in enumerate(file.entries)]
        for row in rows:
            before = known.get(row.registry_id)
            row.first_seen_at = before.first_seen_at if before else now if known else first_offered(row, now=now)
        source.entries.all().delete()
        RegistryEntry.objects.bulk_create(rows)
        changes.record(source, known, rows, now=now)
        _save(source, fetched_at=now, content_digest=file.digest, suspect_digest="", problem=None, dropped=list(file.dropped)[:500])
        _remember(source, status=200, now=now, etag=etag[:300], last_modified=last_modified[:100])
        Revision.bump("store", "freshness")


def first_offered(entry: RegistryEntry, *, now: datetime) -> datetime:
    """Say since when a registry that is new here has offered an entry: by its first release or last change, as far as it tells."""
    told = [entry.last_updated, *(version.get("released") for version in entry.versions)]
    return min((moment for moment in map(_moment, told) if moment is not None and moment < now), default=now)


def confirm(source: RegistrySource, *, etag: str, last_modified: str, now: datetime) -> None:
    """Record that the entries are still what the registry says."""
    with transaction.atomic():
        _save(source, fetched_at=now, suspect_digest="", problem=None)
        _remember(source, status=304, now=now, etag=etag[:300], last_modified=last_modified[:100])
        Revision.bump("freshness")


def suspect(source: RegistrySource, *, digest: str) -> None:
    """Remember an answer that is not believed yet."""
    _save(source, suspect_digest=digest)


def keep_stale(source: RegistrySource, *, problem: LedsiteError, seconds: float, now: datetime) -> None:
    """Keep the entries, say what is wrong, and do not ask again for a while."""
    with transaction.atomic():
        _save(source, problem=problem.as_dict())
        HttpCacheEntry.objects.update_or_create(
            url=source.url,
            token_digest="",
            defaults={"tried_at": now, "backoff_until": now + timedelta(seconds=seconds), "error": problem.message},
        )
        Revision.bump("freshness")


def _remember(source: RegistrySource, *, status: int, etag: str, last_modified: str, now: datetime) -> None:
    HttpCacheEntry.objects.update_or_create(
        url=source.url,
        token_digest="",
        defaults={
            "etag": etag,
            "last_modified": last_modified,
            "status": status,
            "fetched_at": now,
            "tried_at": now,
            "backoff_until": None,
            "error": "",
        },
    )


def _save(source: RegistrySource, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(source, name, value)
    source.save(update_fields=list(fields))


def _row(source: RegistrySource, position: int, entry: FileEntry) -> RegistryEntry:
    return RegistryEntry(
        source=source,
        position=position,
        registry_id=entry.registry_id,
        name=entry.name,
        description=entry.description,
        author=entry.author,
        category=entry.category,
        tags=list(entry.tags),
        repo=entry.repo,
        branch=entry.branch,
        plugin_path=entry.plugin_path,
        stars=entry.stars,
        downloads=entry.downloads,
        verified=entry.verified,
        latest_version=entry.latest_version,
        last_updated=entry.last_updated,
        screenshot=entry.screenshot,
        versions=list(entry.versions),
        raw=entry.raw,
    )


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if moment is None or moment.year < EARLIEST_YEAR:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
