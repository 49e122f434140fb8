"""What happens when a worker starts: recovery always, the whole pass once per start of the product (ruling B)."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction

from plugins_app.models import OperationKind, ProductStart
from plugins_app.operations.context import current_context
from plugins_app.operations.create import create
from plugins_app.operations.run import run
from plugins_app.reconcile.recovery import recover

logger = logging.getLogger("plugins_app.reconcile")


def on_worker_start(start_id: str) -> None:
    """Recover, here and now and without a request; then queue the pass unless another worker of this start has."""
    context = current_context()
    for fixed in recover(context, lambda operation_id: run(operation_id, context=context)):
        logger.info("%s: %s, fixed: %s", fixed.plugin_id, fixed.kind, fixed.reason)
    if start_id:
        claim_start(start_id)


def claim_start(start_id: str) -> bool:
    """Take the start-up pass for this start by inserting its row, with the operation in the same transaction."""
    try:
        with transaction.atomic():
            ProductStart.objects.create(start_id=start_id[:40])
            create(OperationKind.RECONCILE, arguments={"force": False}, requested_by="system")
    except IntegrityError:
        return False
    return True
