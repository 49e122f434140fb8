"""Leases on queued tasks: a worker that was killed had taken some, and django-q2 would wait half an hour for them."""

from __future__ import annotations

from django.utils import timezone
from django_q.models import OrmQ


def release_leases(queue: str) -> int:
    """Make every task of a queue available again; claims of operations keep a task that runs elsewhere from running twice."""
    now = timezone.now()
    return int(OrmQ.objects.filter(key=queue, lock__gt=now).update(lock=now))
