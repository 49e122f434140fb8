"""Decides what a failure means: try again later, failed for good, cancelled, or, after the commit, go on later in any case."""

from __future__ import annotations

import errno
from datetime import timedelta

from django.db import OperationalError, transaction
from django.utils import timezone

from plugins_app.exceptions import Cancelled, DiskProblem, LedsiteError
from plugins_app.models import Issue, OperationStatus, Phase
from plugins_app.operations.job import Job

MAX_ATTEMPTS = 3
BACK_OFF = (5.0, 30.0)
COMMITTED_BACK_OFF = (2.0, 10.0, 60.0, 300.0, 1800.0)
STUCK = "operation-stuck"
FAILED = "operation-failed"
UNWATCHED = frozenset({"system", "automatic", "up"})


class InternalError(LedsiteError):
    """A mistake of ours; the traceback is in the operation's log."""

    default_code = "internal-error"


def in_our_words(error: Exception) -> LedsiteError:
    """Name an error that is not ours: disk, database, or a mistake in the product."""
    if isinstance(error, LedsiteError):
        return error
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return DiskProblem("The disk is full.", code="disk-full", hint="Free some space, then try again.")
        return DiskProblem(f"The disk refuses: {error.strerror or error}.", hint="Check the disk and the rights on the plugin folder.")
    problem = InternalError(f"Something went wrong inside: {type(error).__name__}.", hint="The operation's log has the details.")
    problem.retryable = isinstance(error, OperationalError)
    return problem


def settle_failure(job: Job, error: LedsiteError) -> None:
    """Write down how an attempt failed and what happens next; a repair is tried again by reconcile, with its own patience."""
    job.log(error.message, level="error")
    job.progress.flush()
    job.operation.refresh_from_db(fields=["phase", "attempts"])
    words = {"error_code": error.code, "error_message": error.message, "error_hint": error.hint}
    if job.operation.is_committed():
        _go_on_later(job, error, words)
    elif isinstance(error, Cancelled):
        job.end(OperationStatus.CANCELLED, **words)
    elif error.retryable and job.operation.attempts < MAX_ATTEMPTS and not job.operation.arguments.get("repair"):
        delay = max(BACK_OFF[min(job.operation.attempts, len(BACK_OFF)) - 1], error.retry_after or 0.0)
        job.give_back(retry_at=timezone.now() + timedelta(seconds=delay), phase=Phase.QUEUED, progress=0, warnings=[], **words)
    else:
        job.operation.journal["transient"] = error.retryable or isinstance(error, DiskProblem | InternalError)
        with transaction.atomic():
            job.end(OperationStatus.FAILED, **words)
            if _concerns_a_person(job, error):
                _notify(job, error)


def refuse_too_many_attempts(job: Job) -> None:
    """Raise when workers have died at this again and again before its commit; after it there is no giving up."""
    if job.operation.attempts > MAX_ATTEMPTS and not job.operation.is_committed():
        raise InternalError(
            f"The worker was ended {MAX_ATTEMPTS} times while working at this.",
            code="interrupted",
            hint="Is there enough memory? Ask for it again when the machine has less to do.",
        )


def _concerns_a_person(job: Job, error: LedsiteError) -> bool:
    """Tell whether somebody must hear of it who did not ask and look; repairs are told by reconcile."""
    if job.operation.arguments.get("repair"):
        return False
    return job.operation.requested_by in UNWATCHED or isinstance(error, InternalError)


def _notify(job: Job, error: LedsiteError) -> None:
    Issue.report(
        FAILED,
        job.plugin_id or job.operation.kind,
        f"The {job.operation.get_kind_display().lower()} of {job.plugin_id or 'the product'} failed: {error.message}",
        hint=error.hint or "Look at the operation's log.",
        actions=["retry"],
    )


def _go_on_later(job: Job, error: LedsiteError, words: dict[str, str]) -> None:
    delay = COMMITTED_BACK_OFF[min(job.operation.attempts, len(COMMITTED_BACK_OFF)) - 1]
    with transaction.atomic():
        job.give_back(retry_at=timezone.now() + timedelta(seconds=delay), **words)
        Issue.report(
            STUCK,
            job.plugin_id or job.operation.kind,
            f"The {job.operation.kind} of {job.plugin_id} is decided but not finished: {error.message}",
            hint=error.hint or "It is tried again by itself.",
            actions=["retry"],
        )
