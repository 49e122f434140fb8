"""Brings the rows of the registries up to date, for workers: conditional requests, and only a good answer replaces a good value."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from plugins_app.exceptions import LedsiteError, NetworkProblem
from plugins_app.models import HttpCacheEntry, RegistrySource
from plugins_app.store import registry_rows
from plugins_app.store.client import schedule_client
from plugins_app.store.http import HttpClient
from plugins_app.store.registry_file import RegistryFile, parse_registry
from plugins_app.store.single_flight import single_flight
from plugins_app.store.sources import all_sources

BACKOFF_SECONDS = 60.0
CLOCK_SLACK = timedelta(minutes=5)

Clock = Callable[[], datetime]
Outcome = Literal["updated", "unchanged", "fresh", "waiting", "busy", "failed"]


@dataclass(frozen=True)
class SourceReport:
    """What happened to one registry: `fresh` and `waiting` (back-off) and `busy` (another process asks) made no request."""

    name: str
    outcome: Outcome
    entries: int
    dropped: int
    problem: dict[str, str] | None = None


@dataclass(frozen=True)
class RefreshReport:
    """What happened to all registries."""

    sources: tuple[SourceReport, ...]
    problem: NetworkProblem | None = None

    @property
    def is_fresh(self) -> bool:
        """Tell whether every registry gave a good answer in this pass."""
        return all(source.outcome in ("updated", "unchanged") for source in self.sources)

    @property
    def has_changed(self) -> bool:
        """Tell whether something else is on offer now."""
        return any(source.outcome == "updated" for source in self.sources)


def refresh_registries(*, force: bool, http: HttpClient, only: str = "", clock: Clock = timezone.now) -> RefreshReport:
    """Ask every registry that is due; forced: every one, whatever its age, and raise NetworkProblem when one has no good answer.

    `only` is the name of the one that somebody needs: what becomes of the others is nothing to him.
    """
    begun = clock()
    reports, failure = [], None
    for source in _in_turn([source for source in all_sources() if only in ("", source.name)], now=begun):
        try:
            reports.append(_refresh(source, force=force, begun=begun, http=http, clock=clock))
        except NetworkProblem as problem:
            failure = failure or problem
            reports.append(_report(source, "failed"))
            if problem.code == "timeout" and not force:
                break  # whoever waits for this worker waits for one silent registry, not for all of them
        except (RegistrySource.DoesNotExist, DatabaseError):
            # Removed by a person while it, or one before it, was asked.
            if RegistrySource.objects.filter(pk=source.pk).exists():
                raise
    if force and failure is not None:
        raise failure
    return RefreshReport(tuple(reports), failure)


def refresh_if_due() -> RefreshReport | None:
    """Refresh with a client of its own when a registry is due, for the schedule; None when none is, at the price of one query."""
    if not is_due():
        return None
    with contextlib.closing(schedule_client()) as http:
        return refresh_registries(force=False, http=http)


def is_due(now: datetime | None = None) -> bool:
    """Tell whether a registry's rows are older than they may be, and it may be asked now."""
    now = now or timezone.now()
    return any(not _is_fresh(source, now) and not _is_waiting(_cache_row(source), now) for source in all_sources())


def _in_turn(sources: list[RegistrySource], *, now: datetime) -> list[RegistrySource]:
    """Return them in the order in which they were asked last; a time in the future was written before the clock was set."""
    rows = HttpCacheEntry.objects.filter(token_digest="", url__in=[source.url for source in sources]).values_list("url", "tried_at")
    asked = {url: at for url, at in rows if at <= now + CLOCK_SLACK}
    return sorted(sources, key=lambda source: asked.get(source.url, datetime.min.replace(tzinfo=UTC)))


def _refresh(source: RegistrySource, *, force: bool, begun: datetime, http: HttpClient, clock: Clock) -> SourceReport:
    lock = settings.LEDSITE.data_dir / "locks" / f"registry-{source.pk}.lock"
    with single_flight(lock, wait=force) as is_ours:
        if not is_ours:
            return _report(source, "busy")
        source.refresh_from_db()
        if force:
            # Another process may have asked while this one waited for the lock: that answer is fresh enough.
            if source.fetched_at is not None and source.problem is None and begun <= source.fetched_at <= clock():
                return _report(source, "unchanged")
        elif _is_fresh(source, clock()):
            return _report(source, "fresh")
        elif _is_waiting(_cache_row(source), clock()):
            return _report(source, "waiting")
        try:
            return _report(source, _ask(source, http=http, clock=clock))
        except LedsiteError as error:
            problem = _as_network_problem(error)
            registry_rows.keep_stale(source, problem=problem, seconds=max(problem.retry_after or 0.0, BACKOFF_SECONDS), now=clock())
            raise problem from error


def _ask(source: RegistrySource, *, http: HttpClient, clock: Clock) -> Outcome:
    known = _cache_row(source)
    with http.stream(source.url, kind="registry", headers=_validators(source, known)) as response:
        etag, modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
        body = response.read() if response.status == 200 else None
    if body is None:
        registry_rows.confirm(
            source,
            etag=etag or (known.etag if known else ""),
            last_modified=modified or (known.last_modified if known else ""),
            now=clock(),
        )
        return "unchanged"
    file = parse_registry(body)
    if file.digest == source.content_digest:
        registry_rows.confirm(source, etag=etag, last_modified=modified, now=clock())
        return "unchanged"
    _refuse_suspect(source, file)
    registry_rows.replace(source, file, etag=etag, last_modified=modified, now=clock())
    return "updated"


def _validators(source: RegistrySource, known: HttpCacheEntry | None) -> dict[str, str]:
    # Without rows a 304 would confirm nothing.
    if known is None or not source.content_digest:
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


def _refuse_suspect(source: RegistrySource, file: RegistryFile) -> None:
    """Ruling D: an answer without plugins is a fault; one that lost more than half is believed when it is seen twice."""
    hint = "What was on offer before stays; it is asked again by itself."
    if not file.entries:
        raise NetworkProblem("The registry lists no plugin that can be used.", code="registry-empty", hint=hint)
    known = source.entries.count()
    if len(file.entries) * 2 >= known or file.digest == source.suspect_digest:
        return
    registry_rows.suspect(source, digest=file.digest)
    raise NetworkProblem(
        f"The registry lists {len(file.entries)} plugins, before it were {known}: that is believed when it says so twice.",
        code="registry-suspect",
        hint=hint,
    )


def _as_network_problem(error: LedsiteError) -> NetworkProblem:
    if isinstance(error, NetworkProblem):
        return error
    code = "registry-invalid" if error.code == "too-large" else error.code
    return NetworkProblem(error.message, code=code, hint=error.hint)


def _cache_row(source: RegistrySource) -> HttpCacheEntry | None:
    return HttpCacheEntry.objects.defer("body").filter(url=source.url, token_digest="").first()


def _is_fresh(source: RegistrySource, now: datetime) -> bool:
    # A time in the future was written before the clock was set: it says nothing.
    age = None if source.fetched_at is None else now - source.fetched_at
    return age is not None and source.problem is None and -CLOCK_SLACK < age < timedelta(seconds=settings.LEDSITE.registry_ttl)


def _is_waiting(row: HttpCacheEntry | None, now: datetime) -> bool:
    return row is not None and row.backoff_until is not None and now < row.backoff_until < now + timedelta(hours=2)


def _report(source: RegistrySource, outcome: Outcome) -> SourceReport:
    return SourceReport(
        name=source.name, outcome=outcome, entries=source.entries.count(), dropped=len(source.dropped), problem=source.problem
    )
