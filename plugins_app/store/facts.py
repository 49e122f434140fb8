"""Repository and commit data in rows: what is known before a pass, and what an answer changes; only a good answer replaces."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from plugins_app.exceptions import NotFound
from plugins_app.models import CommitFacts, HttpCacheEntry, RegistryEntry, RepositoryFacts, Revision
from plugins_app.store import budget
from plugins_app.store.asking import NEVER_LEFT, Answer, Validators, ending_problem
from plugins_app.store.plan import Known, Question, Repository, repositories_of, slug_of

BACKOFF_SECONDS = 60.0
MAX_BACKOFF_SECONDS = 1800.0
MAX_GONE_SECONDS = 24 * 3600.0

Rows = dict[str, HttpCacheEntry]


def wanted_repositories() -> list[Repository]:
    """Return what the registries' entries point to, in their order."""
    entries = RegistryEntry.objects.order_by("source__position", "source_id", "position")
    return repositories_of(list(entries.values_list("repo", "branch", "plugin_path")))


def cache_rows(base: str, token_digest: str) -> Rows:
    """Return what GitHub's addresses answered last, under one token."""
    return {row.url: row for row in HttpCacheEntry.objects.filter(token_digest=token_digest, url__startswith=f"{base}/repos/")}


def known_facts(rows: Rows) -> Known:
    """Return everything that planning needs."""
    return Known(
        rows=rows,
        trees={url: json.loads(bytes(row.body)) for url, row in rows.items() if row.body and "/git/trees/" in url},
        marks={
            (slug, branch, path): mark for slug, branch, path, mark in CommitFacts.objects.values_list("slug", "branch", "path", "mark")
        },
        pushes=dict(RepositoryFacts.objects.values_list("slug", "pushed_at")),
    )


def validators_of(questions: Sequence[Question], rows: Rows) -> dict[str, Validators]:
    """Return the validators to send; without the facts that they belong to a 304 would confirm nothing."""
    found = {question.url: rows[question.url] for question in questions if question.url in rows}
    return {url: Validators(row.etag, row.last_modified) for url, row in found.items() if row.body}


def keep(answers: Sequence[Answer], rows: Rows, *, token_digest: str, now: datetime, ttl: timedelta) -> int:
    """Write answers in one transaction and a handful of queries; return how many changed what people see."""
    ended = [answer for answer in answers if answer.leads_to is None]
    with transaction.atomic():
        written = _Written({answer.question.repository.key for answer in ended}, now=now)
        touched = []
        for answer in ended:
            row = rows.get(answer.question.url) or HttpCacheEntry(url=answer.question.url, token_digest=token_digest)
            rows[row.url] = row
            row.tried_at = now
            touched.append(row)
            if answer.problem is None:
                _keep_good(answer, row, written, now=now, ttl=ttl)
            else:
                _keep_stale(answer, row, now=now, ttl=ttl)
        _write(HttpCacheEntry, touched, unique=("url", "token_digest"))
        written.write()
        _keep_access(answers, token_digest, now=now)
        if written.changed:
            Revision.bump("store")
    return written.changed


def note_download(repo: str, size: int) -> None:
    """Remember how large the archive of a repository was: nobody tells beforehand."""
    RepositoryFacts.objects.filter(slug=slug_of(repo).lower()).update(download_bytes=size)


def _keep_good(answer: Answer, row: HttpCacheEntry, written: _Written, *, now: datetime, ttl: timedelta) -> None:
    if answer.facts is not None:
        row.body = answer.facts
        row.etag, row.last_modified = answer.headers.get("ETag", "")[:300], answer.headers.get("Last-Modified", "")[:100]
    row.status, row.fetched_at, row.failures, row.error = answer.status, now, 0, ""
    value = json.loads(bytes(row.body or b"null"))
    row.backoff_until = now + ttl if value is None else None
    if value is not None and answer.question.kind == "about":
        written.about(answer.question, value)
    elif value is not None and answer.question.kind == "commit":
        written.commit(answer.question, value)


def _keep_stale(answer: Answer, row: HttpCacheEntry, *, now: datetime, ttl: timedelta) -> None:
    problem = answer.problem
    assert problem is not None
    row.failures = min(row.failures + 1, 12)
    seconds, longest = BACKOFF_SECONDS, MAX_BACKOFF_SECONDS
    if isinstance(problem, NotFound):
        # Asked again after as long as it has been gone; where there never was anything, less often still.
        longest = MAX_GONE_SECONDS
        if row.fetched_at is None:
            row.status, seconds = 404, ttl.total_seconds()
    wait = max(min(seconds * 2 ** (row.failures - 1), max(longest, seconds)), problem.retry_after or 0.0)
    row.backoff_until, row.error = now + timedelta(seconds=wait), problem.message


class _Written:
    """The facts of a few repositories as they become by some answers, written together at the end."""

    def __init__(self, slugs: set[str], *, now: datetime) -> None:
        self._now = now
        self._repositories = {facts.slug: facts for facts in RepositoryFacts.objects.filter(slug__in=slugs)}
        self._commits = {(facts.slug, facts.branch, facts.path): facts for facts in CommitFacts.objects.filter(slug__in=slugs)}
        self._dirty: dict[int, RepositoryFacts | CommitFacts] = {}
        self.changed = 0

    def about(self, question: Question, value: Mapping[str, Any]) -> None:
        slug = question.repository.key
        facts = self._repositories.setdefault(slug, RepositoryFacts(slug=slug))
        self._take(facts, value, seen=("stars", "default_branch"))
        # A commit that was asked for after this push, before anyone knew of it, belongs to it.
        pushed = _moment(facts.pushed_at)
        for commit in self._commits.values():
            if commit.slug == slug and not commit.path and not commit.mark and pushed is not None and commit.checked_at >= pushed:
                commit.mark = facts.pushed_at
                self._dirty[id(commit)] = commit

    def commit(self, question: Question, value: Mapping[str, Any]) -> None:
        key = (question.repository.key, question.repository.branch, question.path)
        facts = self._commits.setdefault(key, CommitFacts(slug=key[0], branch=key[1], path=key[2]))
        about = self._repositories.get(key[0])
        facts.mark = question.mark or (about.pushed_at if about and not question.path else "")
        self._take(facts, value, seen=tuple(value))

    def write(self) -> None:
        dirty = list(self._dirty.values())
        _write(RepositoryFacts, [facts for facts in dirty if isinstance(facts, RepositoryFacts)], unique=("slug",))
        _write(CommitFacts, [facts for facts in dirty if isinstance(facts, CommitFacts)], unique=("slug", "branch", "path"))

    def _take(self, facts: RepositoryFacts | CommitFacts, value: Mapping[str, Any], *, seen: tuple[str, ...]) -> None:
        self.changed += facts.pk is None or any(getattr(facts, name) != value[name] for name in seen)
        for name, content in value.items():
            setattr(facts, name, content)
        facts.checked_at = self._now
        self._dirty[id(facts)] = facts


def _write(model: type[Model], objects: Sequence[Model], *, unique: tuple[str, ...]) -> None:
    """Insert or replace rows by what makes them unique, in one query."""
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key and field.name not in unique]
    for item in objects:
        item.pk = None
    model._default_manager.bulk_create(objects, update_conflicts=True, unique_fields=unique, update_fields=fields)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _keep_access(answers: Sequence[Answer], token_digest: str, *, now: datetime) -> None:
    never_left = sum(1 for answer in answers if answer.problem is not None and answer.problem.code in NEVER_LEFT)
    budget.give_back(token_digest, never_left, now=now)
    row = budget.access_for(token_digest)
    good = [answer for answer in answers if answer.problem is None]
    for answer in good:
        budget.note_headers(row, answer.headers, now=now)
    problem = ending_problem(answers)
    if problem is not None:
        budget.note_failure(row, problem, now=now)
        if problem.code == "http-401":
            row.state = "invalid"
    elif good:
        budget.note_success(row, now=now)
    row.save()
