"""Follows an operation from a command: runs it here unless a worker has it, and passes on what it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from plugins_app.exceptions import LedsiteError
from plugins_app.models import Operation, OperationStatus
from plugins_app.operations.run import run

POLL_SECONDS = 0.2


def follow(operation_id: int, report: Callable[[str], None], *, leave_at: Collection[str] = ()) -> Operation:
    """Return the operation when it has ended well; raise a LedsiteError with its code, message and hint otherwise.

    An attempt that fails here with one of the codes in `leave_at` is raised at once: the next one is left to whoever runs it.
    """
    said = 0
    while True:
        is_ours = run(operation_id, reporter=report)
        if not is_ours:
            said = _report_log(operation_id, said, report)
        operation = Operation.objects.get(pk=operation_id)
        if not operation.is_open() or (is_ours and operation.error_code in leave_at):
            break
        time.sleep(POLL_SECONDS)
    if operation.status != OperationStatus.SUCCEEDED:
        raise LedsiteError(operation.error_message or f"It was {operation.status}.", code=operation.error_code, hint=operation.error_hint)
    return operation


def _report_log(operation_id: int, said: int, report: Callable[[str], None]) -> int:
    """Pass on the lines that a worker has written since the last look."""
    from_worker = Operation.objects.get(pk=operation_id).log.filter(pk__gt=said)
    for line in from_worker:
        report(line.text)
        said = line.pk
    return said
