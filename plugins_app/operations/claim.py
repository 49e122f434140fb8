"""Takes an operation for one worker: the file lock first, which the kernel frees when a process dies, then the row."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from plugins_app.failpoints import failpoint
from plugins_app.installer.locks import Held, hold
from plugins_app.models import Operation, OperationStatus, Phase
from plugins_app.operations.context import Context
from plugins_app.operations.job import Job
from plugins_app.operations.progress import Progress, Reporter
from plugins_app.package.paths import PluginPaths


@contextlib.contextmanager
def claim(operation_id: int, *, context: Context, reporter: Reporter | None = None) -> Iterator[Job | None]:
    """Give the operation to this process for the length of a block; None when it has ended, is not due, or is in other hands."""
    operation = Operation.objects.due().filter(pk=operation_id).first()
    with contextlib.ExitStack() as locks:
        job = None
        if operation is not None:
            job = _take(operation, context=context, reporter=reporter, locks=locks)
        yield job


def lock_path(paths: PluginPaths, operation: Operation) -> Path:
    """Return the lock of an operation: its plugin's, or one for its kind, whose name no plugin can have."""
    if operation.plugin_id:
        return paths.operation_lock(operation.plugin_id)
    return paths.locks / f"_{operation.kind}.lock"


def _take(operation: Operation, *, context: Context, reporter: Reporter | None, locks: contextlib.ExitStack) -> Job | None:
    try:
        lock = locks.enter_context(hold(lock_path(context.paths, operation)))
    except Held:
        return None
    token = uuid.uuid4().hex
    if not _swap_owner(operation, token):
        return None
    failpoint("claimed")
    operation.refresh_from_db()
    progress = Progress(operation.pk, token=token, reporter=reporter)
    return Job(operation, lock=lock, context=context, progress=progress, locks=locks)


def _swap_owner(operation: Operation, token: str) -> bool:
    """Swap the token of the row as it was read; an attempt is counted even when its worker is killed in it."""
    unchanged = Operation.objects.due().filter(
        pk=operation.pk, owner=operation.owner, attempts=operation.attempts, plugin_id=operation.plugin_id, phase=operation.phase
    )
    return bool(
        unchanged.update(
            owner=token,
            status=OperationStatus.RUNNING,
            phase=operation.phase if operation.is_committed() else Phase.CLAIMED,
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", timezone.now()),
            retry_at=None,
        )
    )
