"""Forgets what GitHub said about repositories that no registry offers any more, and under tokens that are no longer used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Model

from plugins_app.models import CommitFacts, HttpCacheEntry, RepositoryFacts
from plugins_app.store.facts import wanted_repositories
from plugins_app.store.token import configured_token, digest_of

KEPT = timedelta(days=30)
AT_ONCE = 500


def forget_unwanted(*, now: datetime) -> None:
    """Delete what was not asked for in a month; what comes back is asked for anew."""
    wanted = {repository.key for repository in wanted_repositories()}
    if not wanted:  # nothing has been on offer yet, or its rows were just emptied
        return
    old = now - KEPT
    for model in (RepositoryFacts, CommitFacts):
        rows = model._default_manager.filter(checked_at__lt=old).values_list("pk", "slug")
        _delete(model, (key for key, slug in rows if slug not in wanted))
    prefix, tokens = f"{settings.LEDSITE.github_api_url}/repos/", {"", digest_of(configured_token())}
    answers = HttpCacheEntry.objects.filter(tried_at__lt=old, url__startswith=prefix).values_list("pk", "url", "token_digest")
    _delete(HttpCacheEntry, (key for key, url, token in answers if token not in tokens or _slug(url, prefix) not in wanted))


def _slug(url: str, prefix: str) -> str:
    return "/".join(url[len(prefix) :].split("/")[:2]).lower()


def _delete(model: type[Model], keys: Iterable[int]) -> None:
    found = list(keys)
    for start in range(0, len(found), AT_ONCE):
        model._default_manager.filter(pk__in=found[start : start + AT_ONCE]).delete()
