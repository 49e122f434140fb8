"""Hands operations to the workers: which queue serves which kind, and what is waiting there."""

from __future__ import annotations

from django.conf import settings
from django_q.models import OrmQ
from django_q.tasks import async_task

from plugins_app.models import Operation, OperationKind

TASK = "plugins_app.tasks.run_operation"
QUICK_KINDS = frozenset({OperationKind.UNINSTALL, OperationKind.PURGE})


def queue_of(kind: str) -> str:
    """Name the queue: `slow` for what waits for the network or moves much, `main` for what must not wait behind it, where it need not."""
    return "main" if kind in QUICK_KINDS or settings.LEDSITE.low_memory else "slow"


def enqueue(operation: Operation) -> None:
    """Put the operation's number into its queue: a row, so it commits with the transaction around it."""
    async_task(TASK, operation.pk, cluster=queue_of(operation.kind), task_name=f"operation-{operation.pk}", save=False)


def waiting_operations() -> set[int]:
    """Return the numbers of the operations that lie in a queue, taken by a worker or not."""
    tasks = (row.task for row in OrmQ.objects.all())
    return {task["args"][0] for task in tasks if task.get("func") == TASK and task.get("args")}
