"""Work under way and work done: operations with their journal, and their log."""

from __future__ import annotations

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from plugins_app.models.states import COMMITTED_PHASES, OPEN_STATUSES, OperationKind, OperationStatus, Phase


class OperationQuerySet(models.QuerySet["Operation"]):
    """Questions over operations."""

    def open(self) -> OperationQuerySet:
        """Keep those that have not ended."""
        return self.filter(status__in=OPEN_STATUSES)

    def due(self) -> OperationQuerySet:
        """Keep open ones that nothing tells to wait."""
        return self.open().filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now()))

    def people(self) -> list[str]:
        """Name everybody who asked for one, by name."""
        return list(self.exclude(requested_by="").order_by("requested_by").values_list("requested_by", flat=True).distinct())

    def committed(self) -> OperationQuerySet:
        """Keep open ones whose commit has happened: their plugin's host must not run until they have ended."""
        return self.open().filter(phase__in=COMMITTED_PHASES)


class Operation(models.Model):
    """One piece of work that a worker does: what was asked, how far it is, how it ended."""

    kind = models.CharField(max_length=20, choices=OperationKind)
    plugin_id = models.CharField(max_length=63, blank=True, help_text="Empty for work that is not about one plugin")
    arguments = models.JSONField(default=dict, blank=True)
    lane = models.CharField(max_length=10, blank=True, help_text="Work about no plugin: one is open per kind and lane")
    status = models.CharField(max_length=12, choices=OperationStatus, default=OperationStatus.QUEUED)
    phase = models.CharField(max_length=12, choices=Phase, default=Phase.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=40, blank=True, help_text="Token of the worker that holds it")
    journal = models.JSONField(default=dict, blank=True, help_text="What recovery needs: generation, previous generation, staging")
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    error_hint = models.TextField(blank=True)
    warnings = models.JSONField(default=list, blank=True)
    cancel_requested = models.BooleanField(default=False)
    requested_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "plugin_id"])]
        constraints = [
            models.UniqueConstraint(
                Lower("plugin_id"),
                condition=Q(status__in=[str(status) for status in OPEN_STATUSES]) & ~Q(plugin_id=""),
                name="one_open_operation_per_plugin",
            ),
            models.UniqueConstraint(
                fields=["kind", "lane"],
                condition=Q(status__in=[str(status) for status in OPEN_STATUSES]) & Q(plugin_id=""),
                name="one_open_operation_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.plugin_id}".strip()

    @classmethod
    def open_by_plugin(cls) -> dict[str, int]:
        """Map plugins to the open operation on them, in one plain query: the list of plugins asks it every time."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT plugin_id, id FROM plugins_app_operation WHERE status IN (%s, %s) AND plugin_id <> ''",
                [str(status) for status in OPEN_STATUSES],
            )
            return dict(cursor.fetchall())

    def is_open(self) -> bool:
        """Tell whether it has not ended."""
        return self.status in OPEN_STATUSES

    def has_failed(self) -> bool:
        """Tell whether it ended without doing what was asked."""
        return self.status in (OperationStatus.FAILED, OperationStatus.CANCELLED)

    def is_committed(self) -> bool:
        """Tell whether its commit has happened: from there on it only goes forward."""
        return self.phase in COMMITTED_PHASES


class OperationLog(models.Model):
    """One line of an operation's log."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(default=timezone.now)
    level = models.CharField(max_length=10, default="info")
    text = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
