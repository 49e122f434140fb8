"""Runs one operation from where it stands: the boundary at which every failure becomes a row, whatever it was."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from functools import partial

from plugins_app.lifecycle import install, preview, purge, rollback, undo_uninstall, uninstall, update
from plugins_app.models import Issue, OperationKind
from plugins_app.operations import refreshing
from plugins_app.operations.claim import claim
from plugins_app.operations.context import Context, current_context
from plugins_app.operations.job import ClaimLost, Job
from plugins_app.operations.outcome import FAILED, STUCK, in_our_words, refuse_too_many_attempts, settle_failure
from plugins_app.operations.progress import Reporter
from plugins_app.reconcile import converge

logger = logging.getLogger(__name__)

WORK: dict[str, Callable[[Job], None]] = {
    OperationKind.INSTALL: install.run,
    OperationKind.UPDATE: update.run,
    OperationKind.UNINSTALL: uninstall.run,
    OperationKind.UNDO_UNINSTALL: undo_uninstall.run,
    OperationKind.ROLLBACK: rollback.run,
    OperationKind.PURGE: purge.run,
    OperationKind.PREVIEW: preview.run,
    OperationKind.REFRESH: refreshing.run,
    OperationKind.RECONCILE: lambda job: converge.run_operation(job, run=partial(run, context=job.context)),
}


def run(operation_id: int, *, context: Context | None = None, reporter: Reporter | None = None) -> bool:
    """Run an operation to its end or its next try; False when it is not ours to run now. Delivered twice, it happens once."""
    with claim(operation_id, context=context or current_context(), reporter=reporter) as job:
        if job is None:
            return False
        _run_claimed(job)
    return True


def _run_claimed(job: Job) -> None:
    operation = job.operation
    logger.info("%s: attempt %d from phase %s", operation, operation.attempts, operation.phase)
    try:
        refuse_too_many_attempts(job)
        WORK[operation.kind](job)
    except ClaimLost:
        logger.warning("%s is in other hands", operation)
    except Exception as error:  # the operation boundary: see the module's first line
        problem = in_our_words(error)
        if problem is not error:
            logger.exception("%s failed", operation)
            job.log(traceback.format_exc(), level="error")
        settle_failure(job, problem)
    else:
        for kind in (STUCK, FAILED):
            Issue.resolve(kind, job.plugin_id or operation.kind)
