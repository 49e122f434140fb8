"""A claimed operation in the hands of the worker that runs it; every change of phase is a compare-and-swap on the owner's token."""

from __future__ import annotations

import contextlib
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from plugins_app.exceptions import Cancelled, OperationOpen
from plugins_app.failpoints import failpoint
from plugins_app.installer.locks import Held, HeldLock, hold
from plugins_app.models import Operation, OperationStatus, Phase, Revision
from plugins_app.operations.context import Context
from plugins_app.operations.create import open_operation
from plugins_app.operations.progress import Progress
from plugins_app.wakeup import wake_director

PERCENT = {Phase.CLAIMED: 2, Phase.FETCHED: 40, Phase.STAGED: 70, Phase.STORED: 80, Phase.COMMITTED: 85, Phase.STOPPED: 90, Phase.DONE: 100}


class ClaimLost(Exception):
    """The operation belongs to another worker by now, or has ended: stop without a trace."""


class Job:
    """One operation, its lock and its surroundings."""

    def __init__(self, operation: Operation, *, lock: HeldLock, context: Context, progress: Progress, locks: contextlib.ExitStack) -> None:
        self.operation, self.context, self.progress = operation, context, progress
        self.lock = lock
        self._locks = locks
        self.token = operation.owner

    @property
    def plugin_id(self) -> str:
        """Return the plugin that it works on."""
        return self.operation.plugin_id

    @property
    def journal(self) -> dict[str, Any]:
        """Return what recovery needs to know."""
        return self.operation.journal

    def log(self, text: str, *, level: str = "info") -> None:
        """Add a line to the operation's log, to be read at once: what follows may take its time in silence."""
        self.progress.line(text, level=level)
        self.progress.flush()

    def warn(self, text: str) -> None:
        """Keep a warning on the operation; it shows when it has ended, too."""
        if text not in self.operation.warnings:
            self.operation.warnings = [*self.operation.warnings, text]
            self._swap(warnings=self.operation.warnings)
            self.log(text, level="warning")

    def check_cancelled(self) -> None:
        """Raise Cancelled when a person asked it to stop."""
        self.progress.flush()
        if self.progress.is_cancelled():
            raise Cancelled("Cancelled on request; nothing was changed.")

    def advance(self, phase: Phase, **journal: Any) -> None:
        """Move to a phase whose work is done and on disk; the step to `committed` fails with Cancelled when that was asked for."""
        together = self.operation.journal | journal
        swap = self._swap_uncancelled if phase is Phase.COMMITTED else self._swap
        swap(phase=phase, journal=together, progress=PERCENT[phase])
        self.operation.phase, self.operation.journal = phase, together
        if phase is not Phase.COMMITTED:
            failpoint(f"phase-{phase}")

    def take_over_id(self, plugin_id: str) -> None:
        """Work under the manifest's id from here on, with its lock too; raise OperationOpen when another operation does."""
        if plugin_id == self.plugin_id:
            return
        try:
            self._locks.enter_context(hold(self.context.paths.operation_lock(plugin_id)))
            with transaction.atomic():
                self._swap(plugin_id=plugin_id)
        except (Held, IntegrityError) as error:
            raise OperationOpen(open_operation(kind=self.operation.kind, plugin_id=plugin_id) or self.operation) from error
        self.operation.plugin_id = plugin_id

    def succeed(self, **journal: Any) -> None:
        """End well; the director may start the plugin's host from here on."""
        self.operation.journal = self.operation.journal | journal
        self.progress.flush()
        with transaction.atomic():
            self.end(OperationStatus.SUCCEEDED, phase=Phase.DONE, progress=100, error_code="", error_message="", error_hint="")
            if self.plugin_id:
                Revision.bump("generation", "plugins")
        failpoint("ended")

    def end(self, status: OperationStatus, **values: Any) -> None:
        """Close the row and give it back."""
        self._swap(status=status, finished_at=timezone.now(), retry_at=None, owner="", journal=self.operation.journal, **values)
        self.operation.status = status
        wake_director()

    def give_back(self, *, retry_at: Any, **values: Any) -> None:
        """Put the row back among the waiting ones until `retry_at`."""
        self._swap(status=OperationStatus.QUEUED, retry_at=retry_at, owner="", **values)
        self.operation.status = OperationStatus.QUEUED

    def _swap(self, **values: Any) -> None:
        if not self._mine().update(**values):
            raise ClaimLost(str(self.operation))

    def _swap_uncancelled(self, **values: Any) -> None:
        if self._mine().filter(cancel_requested=False).update(**values):
            return
        if self._mine().exists():
            raise Cancelled("Cancelled on request; nothing was changed.")
        raise ClaimLost(str(self.operation))

    def _mine(self) -> Any:
        return Operation.objects.open().filter(pk=self.operation.pk, owner=self.token)
