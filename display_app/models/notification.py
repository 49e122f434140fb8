"""Messages for the panel that interrupt it for a moment."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class NotificationState(models.TextChoices):
    """What has become of a notification."""

    WAITING = "waiting"
    SHOWN = "shown"
    EXPIRED = "expired"
    DISMISSED = "dismissed"


class Notification(models.Model):
    """A text or a picture; waiting ones are shown by the director, which notes how they ended."""

    text = models.CharField(max_length=300, blank=True)
    image = models.BinaryField(blank=True, default=bytes, help_text="PNG of the panel's size or smaller")
    colour = models.CharField(max_length=7, default="#ffb000")
    is_urgent = models.BooleanField(default=False)
    hold = models.FloatField(default=10, help_text="Seconds on the panel")
    expires_at = models.DateTimeField(help_text="It is not shown when its turn comes later")
    state = models.CharField(max_length=10, choices=NotificationState, default=NotificationState.WAITING)
    requested_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return self.text or "a picture"
