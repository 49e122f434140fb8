"""Remembers which plugins cannot be repaired, and why (rulings A and C): rows, shared by all processes, that survive restarts."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.utils import timezone

from plugins_app.models import RegistrySource, RepairVerdict

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


def registry_digest() -> str:
    """Return one digest over what all registries contain, from rows; a definitive verdict holds as long as it stays."""
    digests = RegistrySource.objects.order_by("pk").values_list("content_digest", flat=True)
    return hashlib.sha256("|".join(digests).encode()).hexdigest()


def standing(plugin_id: str, *, start_id: str, now: datetime | None = None) -> RepairVerdict | None:
    """Return the verdict that forbids a try now: definitive and the registry unchanged, or transient and not due."""
    verdict = RepairVerdict.objects.filter(pk=plugin_id).first()
    if verdict is None:
        return None
    if verdict.definitive:
        return verdict if verdict.registry_digest == registry_digest() else None
    if verdict.start_id != start_id:
        return None
    is_waiting = verdict.retry_at is None or verdict.retry_at > (now or timezone.now())
    return verdict if is_waiting else None


def is_retry_due() -> bool:
    """Tell whether a transient failure of this start may be tried again."""
    return RepairVerdict.objects.filter(definitive=False, retry_at__lte=timezone.now()).exists()


def judge_definitive(plugin_id: str, reason: str, *, start_id: str) -> None:
    """Record that a plugin cannot be repaired until a person forces it or the registry changes."""
    _record(plugin_id, reason=reason, definitive=True, attempts=0, retry_at=None, start_id=start_id)


def judge_transient(plugin_id: str, reason: str, *, start_id: str) -> None:
    """Record a failure that may pass: tried again after 1, 5 and 30 minutes, then not before the next start."""
    before = RepairVerdict.objects.filter(pk=plugin_id, definitive=False, start_id=start_id).first()
    attempts = (before.attempts if before else 0) + 1
    retry_at = timezone.now() + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None
    _record(plugin_id, reason=reason, definitive=False, attempts=attempts, retry_at=retry_at, start_id=start_id)


def forget_all() -> None:
    """Empty the memory, as `force` does before its pass."""
    RepairVerdict.objects.all().delete()


def forget(plugin_id: str) -> None:
    """Forget one verdict: what it was about is gone."""
    RepairVerdict.objects.filter(pk=plugin_id).delete()


def _record(plugin_id: str, *, reason: str, definitive: bool, attempts: int, retry_at: datetime | None, start_id: str) -> None:
    RepairVerdict.objects.update_or_create(
        plugin_id=plugin_id,
        defaults={
            "reason": reason,
            "definitive": definitive,
            "attempts": attempts,
            "retry_at": retry_at,
            "start_id": start_id,
            "registry_digest": registry_digest(),
        },
    )
