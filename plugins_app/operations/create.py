"""Creates operations: the row and its place in the queue in one transaction; the database allows one open operation per plugin."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from plugins_app.exceptions import OperationOpen
from plugins_app.models import Operation, OperationKind
from plugins_app.operations.queueing import enqueue

TRIES = 3


def create(kind: str, *, plugin_id: str = "", arguments: dict[str, Any] | None = None, lane: str = "", requested_by: str) -> Operation:
    """Return a new operation, or the open one when it does the same; raise OperationOpen when another is open on the plugin."""
    kind = OperationKind(kind)
    wanted = arguments or {}
    for _ in range(TRIES):
        try:
            return _insert(kind, plugin_id=plugin_id, arguments=wanted, lane=lane, requested_by=requested_by)
        except IntegrityError:
            existing = open_operation(kind=kind, plugin_id=plugin_id, lane=lane)
            problem = existing and OperationOpen(existing)
        if existing is None:  # it ended between the two statements
            continue
        if existing.kind == kind and (not plugin_id or existing.arguments == wanted):
            return existing
        break
    raise problem or IntegrityError(f"no {kind} could be created for {plugin_id or 'the product'}")


def open_operation(*, kind: str, plugin_id: str = "", lane: str = "") -> Operation | None:
    """Return the operation that stands in the way of a new one."""
    candidates = Operation.objects.open()
    if plugin_id:
        return candidates.filter(plugin_id__iexact=plugin_id).first()
    return candidates.filter(plugin_id="", kind=kind, lane=lane).first()


def _insert(kind: str, *, plugin_id: str, arguments: dict[str, Any], lane: str, requested_by: str) -> Operation:
    with transaction.atomic():
        operation = Operation.objects.create(
            kind=kind, plugin_id=plugin_id, arguments=arguments, lane=lane, requested_by=requested_by[:150]
        )
        enqueue(operation)
    return operation
