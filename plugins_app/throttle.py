"""Slows down guessing of passwords: attempts are counted before the password is looked at, in rows that all processes share."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from plugins_app.models import LoginAttempts

FREE_PER_NAME = 5
FREE_PER_ADDRESS = 20
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


def take_attempt(address: str, name: str, *, now: datetime | None = None) -> int:
    """Count an attempt; return 0 when it may go on, else the seconds to wait (a refused attempt is not counted)."""
    now = now or timezone.now()
    limits = {_key(address, name): FREE_PER_NAME, _key(address): FREE_PER_ADDRESS}
    with transaction.atomic():
        LoginAttempts.objects.filter(last_at__lt=now - LONGEST_WAIT).delete()
        rows = LoginAttempts.objects.in_bulk(limits)
        blocked = [row.blocked_until for row in rows.values() if row.blocked_until and row.blocked_until > now]
        if blocked:
            return math.ceil((max(blocked) - now).total_seconds())
        for key, free in limits.items():
            _count(rows.get(key) or LoginAttempts(key=key), free, now)
    return 0


def forgive_attempt(address: str, name: str) -> None:
    """Take back the count of an attempt that succeeded."""
    LoginAttempts.objects.filter(key=_key(address, name)).delete()
    LoginAttempts.objects.filter(key=_key(address), count__gt=0).update(count=F("count") - 1, blocked_until=None)


def _count(row: LoginAttempts, free: int, now: datetime) -> None:
    row.count += 1
    row.last_at = now
    row.blocked_until = None
    if row.count >= free:
        row.blocked_until = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.count - free, 10))
    row.save()


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(part.casefold() for part in parts).encode()).hexdigest()
