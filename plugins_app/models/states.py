"""The states that rows can be in, and the named sets of them that questions are asked about."""

from __future__ import annotations

from django.db.models import TextChoices


class OperationKind(TextChoices):
    """What an operation does."""

    INSTALL = "install"
    UPDATE = "update"
    UNINSTALL = "uninstall"
    UNDO_UNINSTALL = "undo-uninstall"
    ROLLBACK = "rollback"
    PURGE = "purge"
    PREVIEW = "preview"
    REFRESH = "refresh"
    RECONCILE = "reconcile"


class OperationStatus(TextChoices):
    """How far an operation is, as people see it."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATUSES = (OperationStatus.QUEUED, OperationStatus.RUNNING)
CLOSED_STATUSES = (OperationStatus.SUCCEEDED, OperationStatus.FAILED, OperationStatus.CANCELLED)


class Phase(TextChoices):
    """The journal of an operation: everything up to a phase has happened and is on disk."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    FETCHED = "fetched"
    STAGED = "staged"
    STORED = "stored"
    COMMITTED = "committed"
    STOPPED = "stopped"
    DONE = "done"


COMMITTED_PHASES = (Phase.COMMITTED, Phase.STOPPED, Phase.DONE)


class Source(TextChoices):
    """Where an installed plugin came from."""

    REGISTRY = "registry"
    URL = "url"
    UPLOAD = "upload"
    LOCAL = "local"
    BUNDLED = "bundled"


class Trust(TextChoices):
    """Who answers for a registry."""

    OFFICIAL = "official"
    ADDED = "added"
