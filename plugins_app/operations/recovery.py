"""Finds operations that nobody works at: puts abandoned ones back into their queue and finishes committed ones."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable

from plugins_app.failpoints import failpoint
from plugins_app.installer.collect import empty_trash, throw_away
from plugins_app.installer.locks import Held, hold
from plugins_app.models import Operation, OperationStatus
from plugins_app.operations.claim import lock_path
from plugins_app.operations.context import Context
from plugins_app.operations.queueing import enqueue, waiting_operations

logger = logging.getLogger(__name__)

STAGING_NAME = re.compile(r"op([0-9]{1,18})-[0-9]+")


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


def taken_up(left: list[Operation]) -> list[Operation]:
    """Return those that a dead worker had left running and that have ended or wait for a worker again by now."""
    owners = dict(Operation.objects.filter(pk__in=[one.pk for one in left]).values_list("pk", "owner"))
    return [one for one in left if owners.get(one.pk) != one.owner]


def drop_foreign_staging(context: Context) -> None:
    """Remove staging folders that nobody works in; that of an open operation only with its lock in hand."""
    for folder in sorted(context.paths.staging.iterdir()):
        match = STAGING_NAME.fullmatch(folder.name)
        operation = Operation.objects.open().filter(pk=int(match[1])).first() if match else None
        try:
            with hold(lock_path(context.paths, operation)) if operation else contextlib.nullcontext():
                throw_away(context.paths, folder)
        except Held:
            continue
        failpoint("staging-dropped")
    empty_trash(context.paths)


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
