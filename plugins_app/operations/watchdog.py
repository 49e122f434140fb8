"""Notices work that is due and that nobody takes: workers that are gone, or one that hangs; told as an issue and in the log, once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from plugins_app.models import Issue, Operation, OperationStatus
from plugins_app.operations.queueing import queue_of

WAITING = "work-not-taken"
PATIENCE = timedelta(seconds=90)

logger = logging.getLogger(__name__)


def look(now: datetime | None = None) -> None:
    """Report every queue in which work is due for long while no operation of that queue runs or has just ended."""
    now = now or timezone.now()
    late = _late(now)
    told = set(Issue.objects.filter(kind=WAITING, resolved_at=None).values_list("subject", flat=True))
    for queue, count in late.items():
        if queue not in told:
            logger.error("%d operations of the queue %s are due and not taken", count, queue)
        Issue.report(
            WAITING,
            queue,
            f"{count} operations wait in the queue {queue} and no worker takes them.",
            hint="Look at the processes on the status page; restart the product when it does not pass.",
        )
    for queue in told - late.keys():
        logger.info("The queue %s moves again", queue)
        Issue.resolve(WAITING, queue)


def _late(now: datetime) -> dict[str, int]:
    since = now - PATIENCE
    due = (
        Operation.objects.due()
        .filter(status=OperationStatus.QUEUED)
        .annotate(due_at=Greatest("created_at", Coalesce("retry_at", "created_at")))
    )
    late: dict[str, int] = {}
    for kind in due.filter(due_at__lt=since).values_list("kind", flat=True):
        late[queue_of(kind)] = late.get(queue_of(kind), 0) + 1
    if not late:
        return {}
    running = Operation.objects.open().filter(status=OperationStatus.RUNNING).values_list("kind", flat=True)
    ended = Operation.objects.filter(finished_at__gte=since).exclude(started_at=None).values_list("kind", flat=True)
    moving = {queue_of(kind) for kind in (*running, *ended)}
    return {queue: count for queue, count in late.items() if queue not in moving}
