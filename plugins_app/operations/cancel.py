"""Cancels operations: possible until the commit, afterwards the answer is undo."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from plugins_app import audit
from plugins_app.exceptions import Conflict, NotFound
from plugins_app.models import Operation, OperationStatus


def cancel(operation_id: int, *, requested_by: str) -> Operation:
    """Ask an operation to stop; one that no worker has taken ends at once. Raise Conflict `too-late` after its commit."""
    with transaction.atomic():
        operation = Operation.objects.filter(pk=operation_id).first()
        if operation is None:
            raise NotFound(f"There is no operation {operation_id}.", code="operation-not-found")
        if operation.status == OperationStatus.CANCELLED:
            return operation
        if not operation.is_open() or operation.is_committed():
            raise Conflict(f"It is too late to cancel this {operation.kind}.", code="too-late", hint="Use undo instead.")
        operation.cancel_requested = True
        if operation.status == OperationStatus.QUEUED:
            operation.status = OperationStatus.CANCELLED
            operation.finished_at = timezone.now()
            operation.retry_at = None
        operation.save(update_fields=["cancel_requested", "status", "finished_at", "retry_at"])
        audit.record(requested_by, "cancel", operation.plugin_id, operation=operation.pk)
    return operation
