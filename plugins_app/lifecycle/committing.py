"""The one commit of an operation: everything logical changes in one transaction that is on the medium when it returns."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from plugins_app import audit
from plugins_app.failpoints import failpoint
from plugins_app.models import Phase, Revision
from plugins_app.operations.job import Job
from plugins_app.wakeup import wake_director


@contextlib.contextmanager
def commit(job: Job, **journal: Any) -> Iterator[None]:
    """Run a block of row changes as the commit of an operation; nothing of it happens when it was cancelled or taken over."""
    phase = job.operation.phase
    try:
        with flushed_to_medium(), transaction.atomic():
            job.advance(Phase.COMMITTED, **journal)
            yield
            audit.record(job.operation.requested_by, job.operation.kind, job.plugin_id, operation=job.operation.pk)
            Revision.bump("generation", "plugins")
            wake_director()
    except BaseException:
        job.operation.phase = phase
        raise
    failpoint("committed")


@contextlib.contextmanager
def flushed_to_medium() -> Iterator[None]:
    """Make the transactions inside survive a power cut, which WAL with NORMAL does not promise; inside another one it changes nothing."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous=NORMAL")
