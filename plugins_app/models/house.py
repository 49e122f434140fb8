"""Facts about the product itself: revisions, starts, verdicts, issues, the audit trail."""

from __future__ import annotations

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

REVISIONS = ("generation", "plugins", "store", "freshness", "settings", "auth")
_VALUES = ", ".join(f"COALESCE(MAX(CASE WHEN name = '{name}' THEN value END), 0)" for name in REVISIONS)
_ALL_VALUES = f"SELECT {_VALUES} FROM plugins_app_revision"


class Revision(models.Model):
    """A named counter that every process can compare; REVISIONS has the names, docs/architecture.md what each stands for."""

    name = models.CharField(primary_key=True, max_length=30)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"

    @classmethod
    def bump(cls, *names: str) -> None:
        """Raise counters by one, inside the transaction that changes what they stand for."""
        for name in names:
            if not cls.objects.filter(name=name).update(value=F("value") + 1):
                cls.objects.create(name=name, value=1)

    @classmethod
    def current(cls, name: str) -> int:
        """Return a counter; 0 when it was never raised."""
        return cls.objects.filter(name=name).values_list("value", flat=True).first() or 0

    @classmethod
    def all_values(cls) -> dict[str, int]:
        """Return every counter, 0 when it was never raised: one plain query, which stands before every request of a program.

        It gives a single row, because SQLite lets other threads of the process go first at every row.
        """
        with connection.cursor() as cursor:
            cursor.execute(_ALL_VALUES)
            return dict(zip(REVISIONS, cursor.fetchone(), strict=True))


class ProductStart(models.Model):
    """One start of the product (ruling B): the worker that inserts the row runs the start-up pass."""

    start_id = models.CharField(primary_key=True, max_length=40)
    claimed_at = models.DateTimeField(default=timezone.now)
    reconciled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.start_id


class ReconcileRun(models.Model):
    """What one pass of reconciliation found, fixed and left to a person; written by reconcile/ alone."""

    start_id = models.CharField(max_length=40, blank=True, help_text="The start of the product that it belongs to")
    forced = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField(default=list, blank=True, help_text="[{plugin_id, kind, reason}]")
    fixed = models.JSONField(default=list, blank=True, help_text="[{plugin_id, kind, reason}]")
    manual = models.JSONField(default=list, blank=True, help_text="[{plugin_id, kind, reason, since, actions}]")
    logged = models.JSONField(default=list, blank=True, help_text="Keys of the findings that are in the log of this start")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"pass of {self.started_at:%Y-%m-%d %H:%M}"


class RepairVerdict(models.Model):
    """A plugin that cannot be repaired automatically, and why (ruling A)."""

    plugin_id = models.CharField(primary_key=True, max_length=63)
    reason = models.TextField()
    definitive = models.BooleanField(default=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    registry_digest = models.CharField(max_length=64, blank=True)
    start_id = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.plugin_id}: {self.reason}"


class IgnoredFinding(models.Model):
    """A finding that a person wants to hear no more of, as long as it is there; written by reconcile/ alone."""

    kind = models.CharField(max_length=60)
    plugin_id = models.CharField(max_length=255)
    ignored_by = models.CharField(max_length=150, blank=True)
    ignored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "plugin_id"], name="one_ignored_finding")]

    def __str__(self) -> str:
        return f"{self.kind} {self.plugin_id}, ignored"


class Issue(models.Model):
    """Something a person should know or decide; one open row per kind and subject."""

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True, help_text="Usually a plugin id")
    message = models.TextField()
    hint = models.TextField(blank=True)
    actions = models.JSONField(default=list, blank=True)
    since = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], condition=models.Q(resolved_at=None), name="one_open_issue_per_subject")
        ]

    def __str__(self) -> str:
        return self.message

    @classmethod
    def report(cls, kind: str, subject: str, message: str, *, hint: str = "", actions: list[str] | None = None) -> None:
        """Record a problem once; a repeated report renews its words, not its date."""
        cls.objects.update_or_create(
            kind=kind, subject=subject, resolved_at=None, defaults={"message": message, "hint": hint, "actions": actions or []}
        )

    @classmethod
    def resolve(cls, kind: str, subject: str) -> None:
        """Close an open issue; nothing happens when there is none."""
        cls.objects.filter(kind=kind, subject=subject, resolved_at=None).update(resolved_at=timezone.now())


class DeviceLocation(models.Model):
    """Where the device stands, as plugins may ask it; one row, written by config/location alone."""

    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.city, self.state, self.country))) or "somewhere"


class AuditEntry(models.Model):
    """Who changed what, and when."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    who = models.CharField(max_length=150)
    what = models.CharField(max_length=60, help_text="install, toggle, settings, login ...")
    subject = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict, blank=True, help_text="Never secrets")

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.who}: {self.what} {self.subject}".strip()
