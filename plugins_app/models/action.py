"""Runs of the scripts that plugins offer: asked for by a person, done by a worker, with what came of them."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

ACTION_SECONDS = 120.0
GRACE_SECONDS = 30.0
WAITING_SECONDS = 900.0


class ActionStatus(models.TextChoices):
    """How far it is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = (ActionStatus.WAITING, ActionStatus.RUNNING)


def _abandoned() -> Q:
    now = timezone.now()
    late = Q(status=ActionStatus.RUNNING, started_at__lt=now - timedelta(seconds=ACTION_SECONDS + GRACE_SECONDS))
    return late | Q(status=ActionStatus.WAITING, created_at__lt=now - timedelta(seconds=WAITING_SECONDS))


class ActionRunQuerySet(models.QuerySet["ActionRun"]):
    """Questions over runs."""

    def open(self) -> ActionRunQuerySet:
        """Keep what a worker has still to do, or does."""
        return self.filter(status__in=OPEN).exclude(_abandoned())

    def abandoned(self) -> ActionRunQuerySet:
        """Keep what no worker will bring to an end: one was killed over it, or none has come for long."""
        return self.filter(_abandoned())

    def give_up(self) -> None:
        """End those, and forget what they were given."""
        self.abandoned().interrupt()

    def interrupt(self) -> None:
        """End those that are open, whatever was under way."""
        self.filter(status__in=OPEN).update(
            status=ActionStatus.FAILED, message="It was interrupted. Start it again.", sealed_params="", finished_at=timezone.now()
        )


class ActionRun(models.Model):
    """One run of one script; `sealed_params` is what it gets, encrypted, and gone once it began."""

    plugin_id = models.CharField(max_length=63)
    action_id = models.CharField(max_length=63)
    sealed_params = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=ActionStatus, default=ActionStatus.WAITING)
    message = models.TextField(blank=True)
    answer = models.JSONField(default=dict, blank=True, help_text="The JSON object that the script printed, secrets masked")
    link = models.TextField(blank=True, help_text="An address for a person to open")
    wants_code = models.BooleanField(default=False)
    output = models.TextField(blank=True, help_text="The end of what it printed, secrets masked")
    requested_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ActionRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(Lower("plugin_id"), condition=Q(status__in=["waiting", "running"]), name="one_open_action_per_plugin")
        ]

    def __str__(self) -> str:
        return f"{self.plugin_id} {self.action_id}"

    @property
    def is_open(self) -> bool:
        """Tell whether a worker has still to do with it."""
        return self.status in OPEN

    def claim(self) -> bool:
        """Begin, and forget what it was given; False when another has begun. `self` still knows it."""
        waiting = ActionRun.objects.filter(pk=self.pk, status=ActionStatus.WAITING)
        return waiting.update(status=ActionStatus.RUNNING, started_at=timezone.now(), sealed_params="") == 1
