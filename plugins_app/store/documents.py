"""A plugin's own files out of its repository, for its page: fetched by a worker when somebody asks; only a good answer replaces.

The raw host is asked, which GitHub's limit of API calls does not count. A reader gets what is stored and lets a worker look when that is
old; the page of a plugin that is installed needs none of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django_q.tasks import async_task

from plugins_app.models import CommitFacts, PluginFacts, RegistryEntry
from plugins_app.store import parts
from plugins_app.store.asking import ENDING
from plugins_app.store.client import document_client
from plugins_app.store.http import HttpClient
from plugins_app.store.plan import slug_of
from plugins_app.store.single_flight import single_flight

GOOD_FOR = timedelta(hours=24)
ASKED_AGAIN_AFTER = timedelta(minutes=2)
BACKOFF_SECONDS = 60.0
MAX_BACKOFF_SECONDS = 3600.0
MOST_ROWS = 300
MOST_WAITING = 10
HINT = "It is asked again when somebody opens the page after a minute or two; what is installed needs none of it."

NO_MANIFEST = "Its repository has no manifest.json where the registry says: nothing can be installed from there."

Clock = Callable[[], datetime]


def facts_of(entry: RegistryEntry) -> PluginFacts | None:
    """Return what is stored about an entry's files."""
    return PluginFacts.objects.filter(**_key(entry)).first()


def ask(entry: RegistryEntry, facts: PluginFacts | None, *, now: datetime | None = None, is_forced: bool = False) -> PluginFacts | None:
    """Return what is stored, and tell a worker to fetch when that is missing or old; forced: whatever its age.

    Who reads one page after the other, as programs do, gets what is there: no more than a few wait for the worker at a time.
    """
    now = now or timezone.now()
    mark = _mark(entry)
    if facts is not None and not is_forced and not _is_due(facts, mark, now):
        return facts
    if not is_forced and _waiting(now) >= MOST_WAITING:
        return facts
    with transaction.atomic():
        facts = PluginFacts.objects.get_or_create(defaults={}, **_key(entry))[0]  # a worker may have forgotten it since
        facts.asked_at, facts.wanted_mark, facts.wanted_picture = now, mark, entry.screenshot
        if is_forced and not _is_limited(facts):
            facts.wait_until = None
        facts.save(update_fields=["asked_at", "wanted_mark", "wanted_picture", "wait_until"])
        async_task("plugins_app.tasks.fetch_documents", facts.pk, cluster="slow", save=False, task_name=f"documents-{facts.pk}")
    return facts


def is_fetching(facts: PluginFacts, *, now: datetime | None = None) -> bool:
    """Tell whether a worker has been told and has not answered yet."""
    now = now or timezone.now()
    is_open = facts.tried_at is None or facts.tried_at < facts.asked_at
    return is_open and timedelta(0) <= now - facts.asked_at < ASKED_AGAIN_AFTER


def last_tried() -> datetime | None:
    """Return when a worker fetched anything last: while it stands, nothing that is stored has changed."""
    last: datetime | None = PluginFacts.objects.aggregate(last=Max("tried_at"))["last"]
    return last


def fetch_asked(facts_id: int) -> None:
    """Fetch with a client of its own, which is less patient: somebody looks at the page."""
    with contextlib.closing(document_client()) as http:
        fetch(facts_id, http=http)


def fetch(facts_id: int, *, http: HttpClient, clock: Clock = timezone.now) -> None:
    """Fetch the files that were asked for, side by side, and keep what came; asked for twice, it happens once."""
    with single_flight(settings.LEDSITE.data_dir / "locks" / f"documents-{facts_id}.lock", wait=True):
        facts = PluginFacts.objects.filter(pk=facts_id).first()
        if facts is None or (facts.tried_at is not None and facts.tried_at >= facts.asked_at):
            return
        begun = clock()
        if (problem := _host_problem(facts, now=begun)) is not None:
            PluginFacts.objects.filter(pk=facts_id).update(tried_at=begun, wait_until=problem[1], problem=problem[0])
            return
        raw_base = settings.LEDSITE.github_raw_url
        answers = parts.ask_all(_base(facts), facts.etags, http=http, raw_base=raw_base, picture=facts.wanted_picture)
        _keep(facts, answers, now=clock())
    _forget_old()


def base_url(entry: RegistryEntry) -> str:
    """Return the address that relative links of a readme lead below."""
    return f"https://github.com/{slug_of(entry.repo)}/blob/{quote(entry.branch or 'HEAD')}/{_folder(entry.plugin_path)}"


def _keep(facts: PluginFacts, answers: parts.Answers, *, now: datetime) -> None:
    """Write what came; a file that is gone is believed where the manifest beside it is there."""
    fields: dict[str, Any] = dict(answers.found)
    is_believed = facts.fetched_at is None or answers.is_plugin
    fields |= {name: parts.EMPTY[name] for name in answers.missing if is_believed}
    problem = answers.problem
    if problem is None:
        fields |= {"fetched_at": now, "mark": facts.wanted_mark, "failures": 0, "problem": None, "wait_until": None}
    else:
        seconds = max(min(BACKOFF_SECONDS * 2**facts.failures, MAX_BACKOFF_SECONDS), problem.retry_after or 0.0)
        fields |= {
            "failures": min(facts.failures + 1, 10),
            "problem": {**problem.as_dict(), "hint": HINT},
            "wait_until": now + timedelta(seconds=seconds),
        }
    notes = answers.notes | ({"manifest": NO_MANIFEST} if "manifest" in answers.missing else {})
    fields |= {"tried_at": now, "etags": answers.etags, "notes": notes}
    PluginFacts.objects.filter(pk=facts.pk).update(**fields)


def _is_due(facts: PluginFacts, mark: str, now: datetime) -> bool:
    if timedelta(0) <= now - facts.asked_at < ASKED_AGAIN_AFTER and is_fetching(facts, now=now):
        return False
    if facts.wait_until is not None and now < facts.wait_until < now + timedelta(hours=2):
        return False
    is_young = facts.fetched_at is not None and timedelta(0) <= now - facts.fetched_at < GOOD_FOR
    return not is_young or facts.mark != mark


def _is_limited(facts: PluginFacts) -> bool:
    return facts.problem is not None and facts.problem["code"] == "rate-limited"


def _waiting(now: datetime) -> int:
    """Count what a worker has been told and not answered."""
    open_ones = Q(tried_at=None) | Q(tried_at__lt=F("asked_at"))
    return PluginFacts.objects.filter(open_ones, asked_at__gt=now - ASKED_AGAIN_AFTER).count()


def _host_problem(facts: PluginFacts, *, now: datetime) -> tuple[dict[str, str], datetime] | None:
    """Return why the host as a whole is left in peace: it asks to wait, or another plugin's files met a problem a moment ago."""
    rows = PluginFacts.objects.filter(wait_until__gt=now, wait_until__lt=now + timedelta(hours=2))
    for key, problem, until, tried_at in rows.values_list("pk", "problem", "wait_until", "tried_at"):
        code = problem["code"] if problem else ""
        is_recent = key != facts.pk and tried_at is not None and now - tried_at < timedelta(seconds=BACKOFF_SECONDS)
        if problem and until and (code == "rate-limited" or (is_recent and code in ENDING)):
            return problem, until
    return None


def _key(entry: RegistryEntry) -> dict[str, str]:
    return {"slug": slug_of(entry.repo), "branch": entry.branch, "path": entry.plugin_path}


def _mark(entry: RegistryEntry) -> str:
    place = {**_key(entry), "slug": slug_of(entry.repo).lower()}
    commit = CommitFacts.objects.filter(**place).values_list("sha", flat=True).first()
    return f"{entry.latest_version} {commit or ''}".strip()[:120]


def _base(facts: PluginFacts) -> str:
    return f"{settings.LEDSITE.github_raw_url}/{facts.slug}/{quote(facts.branch or 'HEAD')}/{_folder(facts.path)}"


def _folder(path: str) -> str:
    return f"{quote(path)}/" if path else ""


def _forget_old() -> None:
    """Keep what was asked for last."""
    kept = list(PluginFacts.objects.order_by("-asked_at").values_list("pk", flat=True)[:MOST_ROWS])
    PluginFacts.objects.exclude(pk__in=kept).delete()
