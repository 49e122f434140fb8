"""Repository and commit data in rows: what is known before a pass, and what an answer changes; only a good answer replaces."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from plugins_app.exceptions import NotFound
from plugins_app.models import CommitFacts, HttpCacheEntry, RegistryEntry, RepositoryFacts, Revision
from plugins_app.store import budget
from plugins_app.store.asking import NEVER_LEFT, Answer, Validators, ending_problem
from plugins_app.store.plan import Known, Question, Repository, repositories_of

BACKOFF_SECONDS = 60.0
MAX_BACKOFF_SECONDS = 1800.0

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
    """Write answers in one transaction; return how many changed what people see."""
    changed = 0
    with transaction.atomic():
        for answer in answers:
            row = rows.get(answer.question.url) or HttpCacheEntry(url=answer.question.url, token_digest=token_digest)
            rows[row.url] = row
            row.tried_at = now
            if answer.problem is None:
                changed += _keep_good(answer, row, now=now, ttl=ttl)
            else:
                _keep_stale(answer, row, now=now, ttl=ttl)
            row.save()
        _keep_access(answers, token_digest, now=now)
        if changed:
            Revision.bump("store")
    return changed


def _keep_good(answer: Answer, row: HttpCacheEntry, *, now: datetime, ttl: timedelta) -> int:
    if answer.facts is not None:
        row.body = answer.facts
        row.etag, row.last_modified = answer.headers.get("ETag", "")[:300], answer.headers.get("Last-Modified", "")[:100]
    row.status, row.fetched_at, row.failures, row.error = answer.status, now, 0, ""
    value = json.loads(bytes(row.body or b"null"))
    row.backoff_until = now + ttl if value is None else None
    if answer.question.kind == "tree" or value is None:
        return 0
    return (
        _keep_about(answer.question, value, now=now) if answer.question.kind == "about" else _keep_commit(answer.question, value, now=now)
    )


def _keep_stale(answer: Answer, row: HttpCacheEntry, *, now: datetime, ttl: timedelta) -> None:
    problem = answer.problem
    assert problem is not None
    row.failures += 1
    seconds = max(min(BACKOFF_SECONDS * 2 ** (row.failures - 1), MAX_BACKOFF_SECONDS), problem.retry_after or 0.0)
    if isinstance(problem, NotFound) and row.fetched_at is None:
        row.status, seconds = 404, max(seconds, ttl.total_seconds())
    row.failures, row.backoff_until, row.error = min(row.failures, 10), now + timedelta(seconds=seconds), problem.message


def _keep_about(question: Question, value: Mapping[str, Any], *, now: datetime) -> int:
    slug = question.repository.key
    changed = not RepositoryFacts.objects.filter(slug=slug, stars=value["stars"], default_branch=value["default_branch"]).exists()
    RepositoryFacts.objects.update_or_create(slug=slug, defaults={**value, "checked_at": now})
    # A commit that was asked for after this push, before anyone knew of it, belongs to it.
    with contextlib.suppress(ValueError):
        pushed = datetime.fromisoformat(value["pushed_at"])
        CommitFacts.objects.filter(slug=slug, path="", mark="", checked_at__gte=pushed).update(mark=value["pushed_at"])
    return int(changed)


def _keep_commit(question: Question, value: Mapping[str, Any], *, now: datetime) -> int:
    key: dict[str, Any] = {"slug": question.repository.key, "branch": question.repository.branch, "path": question.path}
    changed = not CommitFacts.objects.filter(**key, **value).exists()
    mark = question.mark
    if not mark and not question.path:
        mark = RepositoryFacts.objects.filter(slug=key["slug"]).values_list("pushed_at", flat=True).first() or ""
    CommitFacts.objects.update_or_create(**key, defaults={**value, "mark": mark, "checked_at": now})
    return int(changed)


def _keep_access(answers: Sequence[Answer], token_digest: str, *, now: datetime) -> None:
    never_left = sum(1 for answer in answers if answer.problem is not None and answer.problem.code in NEVER_LEFT)
    budget.add(token_digest, sum(answer.calls - 1 for answer in answers) - never_left, now=now)
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
