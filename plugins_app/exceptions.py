"""Every error that a person may meet: what happened (`message`), a name for programs (`code`) and what to do (`hint`).

    LedsiteError
    +-- BadRequest            what was asked for cannot be: bad id, bad body, bad settings
    +-- NotFound              no such plugin, operation, mode
    +-- Conflict              not now: an operation is open, the plugin is disabled
    |   +-- OperationOpen     carries the open operation
    +-- Refused               forbidden by policy: a host that is not allowed
    +-- PackageError          the archive or the plugin in it cannot be used (permanent)
    +-- NetworkProblem        the other side did not answer as it should (retryable, maybe with a delay)
    +-- DiskProblem           the disk is full, unwritable or broken
    +-- Cancelled             a person asked the operation to stop

HTTP status codes are known to api/errors.py alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plugins_app.models import Operation


class LedsiteError(Exception):
    """An error with a code (kebab-case), a message (what) and a hint (what to do)."""

    default_code = "error"
    retryable = False

    def __init__(self, message: str, *, code: str = "", hint: str = "", details: Any = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.hint = hint
        self.details = details
        self.retry_after = retry_after

    def as_dict(self) -> dict[str, str]:
        """Return `{code, message, hint}`, the form in which operations and lists carry errors."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class BadRequest(LedsiteError):
    """What was asked for cannot be done as asked."""

    default_code = "bad-request"


class NotFound(LedsiteError):
    """There is no such thing."""

    default_code = "not-found"


class Conflict(LedsiteError):
    """What was asked for does not go together with the present state."""

    default_code = "conflict"


class OperationOpen(Conflict):
    """Another operation on the same plugin has not ended."""

    default_code = "operation-open"

    def __init__(self, operation: Operation) -> None:
        super().__init__(
            f"{operation.plugin_id or operation.kind} is busy: {operation.kind} has not ended.",
            hint="Wait for it to end, or cancel it.",
        )
        self.operation = operation


class Refused(LedsiteError):
    """Forbidden by policy, whoever asks."""

    default_code = "refused"


class PackageError(LedsiteError):
    """The archive, or the plugin in it, cannot be used; trying again changes nothing."""

    default_code = "bad-package"


class NetworkProblem(LedsiteError):
    """The other side could not be reached or did not answer as it should; worth another try."""

    default_code = "network"
    retryable = True


class DiskProblem(LedsiteError):
    """The disk is full, unwritable or broken."""

    default_code = "disk"


class Cancelled(LedsiteError):
    """A person asked the operation to stop before its commit."""

    default_code = "cancelled"
