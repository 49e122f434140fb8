"""What changed in the store, and what each person has seen of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from plugins_app.models.registry import RegistrySource


class StoreChange(models.Model):
    """One change of what a registry offers; the order of the rows is the order of time, whatever the clock says."""

    class Kind(models.TextChoices):
        """What happened to an offer."""

        NEW = "new", "New"
        UPDATED = "updated", "Updated"
        GONE = "gone", "Gone"

    source = models.ForeignKey(RegistrySource, on_delete=models.CASCADE, related_name="changes")
    registry_id = models.CharField(max_length=63)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    from_version = models.CharField(max_length=50, blank=True)
    version = models.CharField(max_length=50, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.registry_id} {self.kind}"


class StoreVisit(models.Model):
    """One person's visits to the store: what is marked as changed, and what they have been shown."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="store_visit")
    marked_after = models.BigIntegerField(default=0, help_text="Changes with a higher number are marked")
    marked_since = models.DateTimeField(default=timezone.now, help_text="When the visit ended that they are compared with")
    seen_until = models.BigIntegerField(default=0, help_text="The last change that was there when the page was opened")
    visited_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user}, {self.visited_at:%Y-%m-%d %H:%M}"
