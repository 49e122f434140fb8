"""Pictures of a plugin that a person asks for with a size, a mode and settings that are not saved; drawn by a worker."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

DRAWING_SECONDS = 25.0
GRACE_SECONDS = 20.0
WAITING_SECONDS = 900.0


class DrawingStatus(models.TextChoices):
    """How far it is."""

    WAITING = "waiting"
    DRAWING = "drawing"
    DONE = "done"
    FAILED = "failed"


OPEN = (DrawingStatus.WAITING, DrawingStatus.DRAWING)


def _abandoned() -> models.Q:
    now = timezone.now()
    late = models.Q(status=DrawingStatus.DRAWING, started_at__lt=now - timedelta(seconds=DRAWING_SECONDS + GRACE_SECONDS))
    return late | models.Q(status=DrawingStatus.WAITING, created_at__lt=now - timedelta(seconds=WAITING_SECONDS))


class DrawingQuerySet(models.QuerySet["Drawing"]):
    """Questions over drawings."""

    def open(self) -> DrawingQuerySet:
        """Keep what a worker has still to do, or does."""
        return self.filter(status__in=OPEN).exclude(_abandoned())

    def abandoned(self) -> DrawingQuerySet:
        """Keep what no worker will bring to an end: one was killed over it, or none has come for long."""
        return self.filter(_abandoned())


class Drawing(models.Model):
    """One picture that was asked for. `key` names everything that it depends on; the settings are sealed, and gone once it is drawn."""

    key = models.CharField(max_length=64, unique=True)
    plugin_id = models.CharField(max_length=63)
    generation = models.CharField(max_length=80)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    mode = models.CharField(max_length=200, blank=True, help_text="Empty: the first one")
    seconds = models.FloatField()
    data = models.CharField(max_length=20)
    sealed_settings = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=DrawingStatus, default=DrawingStatus.WAITING)
    problem = models.TextField(blank=True)
    notes = models.JSONField(default=list, blank=True, help_text="What was noticed: [{level, where, text}]")
    requested_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DrawingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.plugin_id} {self.width}x{self.height}"

    @property
    def is_open(self) -> bool:
        """Tell whether a worker has still to do with it."""
        return self.status in OPEN

    @property
    def is_abandoned(self) -> bool:
        """Tell whether no worker will bring it to an end."""
        return Drawing.objects.abandoned().filter(pk=self.pk).exists()

    def claim(self) -> bool:
        """Begin to draw; False when another has."""
        waiting = Drawing.objects.filter(pk=self.pk, status=DrawingStatus.WAITING)
        return waiting.update(status=DrawingStatus.DRAWING, started_at=timezone.now()) == 1

    def finish(self, *, mode: str = "", problem: str = "", notes: list[dict[str, str]] | None = None) -> None:
        """End it, with a picture when there is no problem."""
        Drawing.objects.filter(pk=self.pk, status=DrawingStatus.DRAWING).update(
            status=DrawingStatus.FAILED if problem else DrawingStatus.DONE,
            mode=mode[:200] or self.mode,
            problem=problem,
            notes=notes or [],
            sealed_settings="",
            finished_at=timezone.now(),
        )
