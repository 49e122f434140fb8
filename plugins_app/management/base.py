"""What the commands for plugins share: errors with their hint, and waiting for an operation."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plugins_app.exceptions import LedsiteError
from plugins_app.models import Operation
from plugins_app.operations.foreground import follow


class LedsiteCommand(BaseCommand):
    """A command whose `act` calls one function; our errors become one line with the hint, and exit status 1."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run `act`."""
        try:
            self.act(options)
        except LedsiteError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from error

    def act(self, options: dict[str, Any]) -> None:
        """Do the one thing."""
        raise NotImplementedError

    def follow(self, request: Callable[..., Operation], *args: Any, **kwargs: Any) -> Operation:
        """Ask for an operation and stay with it until it has ended."""
        return self.stay(request(*args, requested_by=requester(), **kwargs))

    def stay(self, operation: Operation) -> Operation:
        """Stay with an operation until it has ended; raise its error when it did not end well."""
        self.stdout.write(f"Operation {operation.pk}: {operation}")
        finished = follow(operation.pk, lambda text: self.stdout.write(f"  {text}"))
        for warning in finished.warnings:
            self.stderr.write(f"Warning: {warning}")
        self.stdout.write(self.style.SUCCESS("Done."))
        return finished


def requester() -> str:
    """Name who typed the command, for the audit trail."""
    try:
        return f"command ({getpass.getuser()})"
    except (KeyError, OSError):
        return "command"
