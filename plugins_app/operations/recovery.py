"""Finds operations that nobody works at: puts abandoned ones back into their queue and finishes committed ones."""

from __future__ import annotations

import logging
from collections.abc import Callable

from plugins_app.installer.collect import drop_staging
from plugins_app.installer.locks import Held, hold, is_held
from plugins_app.models import Operation, OperationStatus
from plugins_app.operations.claim import lock_path
from plugins_app.operations.context import Context
from plugins_app.operations.queueing import enqueue, waiting_operations

logger = logging.getLogger(__name__)


def requeue_due(context: Context) -> int:
    """Queue every due operation that lies in no queue and in no hands; return how many. Costs one query when nothing is open."""
    due = list(Operation.objects.due())
    if not due:
        return 0
    waiting = waiting_operations()
    return sum(_requeue(context, operation, is_waiting=operation.pk in waiting) for operation in due)


def finish_committed(run: Callable[[int], bool]) -> None:
    """Run what is decided to its end, here and now: nothing else may be done with those plugins before."""
    committed = Operation.objects.committed()
    committed.filter(status=OperationStatus.QUEUED).update(retry_at=None)
    for operation_id in committed.order_by("pk").values_list("pk", flat=True):
        run(operation_id)


def drop_foreign_staging(context: Context) -> None:
    """Remove staging folders of operations that nobody works at."""
    held = {
        context.paths.staged(operation.pk, operation.attempts).name
        for operation in Operation.objects.open()
        if is_held(lock_path(context.paths, operation))
    }
    drop_staging(context.paths, keep=held)


def _requeue(context: Context, operation: Operation, *, is_waiting: bool) -> bool:
    """Put one back; a running one whose lock is free was left by a worker that died."""
    if is_waiting and operation.status == OperationStatus.QUEUED:
        return False
    try:
        with hold(lock_path(context.paths, operation)):
            return _put_back(operation, is_waiting=is_waiting)
    except Held:
        return False


def _put_back(operation: Operation, *, is_waiting: bool) -> bool:
    unchanged = Operation.objects.due().filter(pk=operation.pk, owner=operation.owner, status=operation.status)
    if not unchanged.update(owner="", status=OperationStatus.QUEUED):
        return False
    if operation.status == OperationStatus.RUNNING:
        logger.warning("%s was left by its worker in phase %s; it goes on", operation, operation.phase)
    enqueue(operation)
    return True
