"""Automatic updates: whether they are wanted, which releases are known, and which version is on probation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

RELEASE_HOURS = 24
PROBATION_TURNS = 20
PROBATION_SECONDS = 24 * 3600.0


class UpdatePolicy(models.Model):
    """The one row that says whether plugins are updated by themselves; off until a person turns it on."""

    automatic = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "update policy"

    def __str__(self) -> str:
        return "automatic" if self.automatic else "by hand"

    @classmethod
    def is_automatic(cls) -> bool:
        """Tell whether plugins are updated by themselves."""
        return cls.objects.filter(pk=1, automatic=True).exists()


class Release(models.Model):
    """A version on offer for an installed plugin: since when it is known here, and why it is not offered again."""

    plugin_id = models.CharField(max_length=63)
    version = models.CharField(max_length=50)
    seen_at = models.DateTimeField(default=timezone.now)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plugin_id", "version"], name="one_release_per_version")]

    def __str__(self) -> str:
        return f"{self.plugin_id} {self.version}"

    def is_ripe(self, now: datetime) -> bool:
        """Tell whether it has been known for a day: what is withdrawn at once is never installed by itself."""
        return self.refused_at is None and now - self.seen_at >= timedelta(hours=RELEASE_HOURS)

    @classmethod
    def refused(cls) -> set[tuple[str, str]]:
        """Return plugin and version of everything that is not offered again."""
        return set(cls.objects.exclude(refused_at=None).values_list("plugin_id", "version"))


class Probation(models.Model):
    """A version that came by itself and has to prove itself on the panel; what it does there is counted by display_app/health."""

    plugin_id = models.CharField(primary_key=True, max_length=63)
    generation = models.CharField(max_length=80)
    version = models.CharField(max_length=50)
    from_version = models.CharField(max_length=50)
    begun_at = models.DateTimeField(default=timezone.now)
    turns = models.PositiveIntegerField(default=0)
    turns_with_picture = models.PositiveIntegerField(default=0)
    shown_seconds = models.FloatField(default=0.0)
    fault = models.TextField(blank=True, help_text="Why it has failed already: a strike, a breaker that opened, a start that failed")

    def __str__(self) -> str:
        return f"{self.plugin_id} {self.version} on probation"

    @classmethod
    def note_turn(cls, plugin_id: str, generation: str, *, had_picture: bool, seconds: float) -> None:
        """Count one turn on the panel; nothing happens for versions that are not on probation."""
        found = cls.objects.filter(plugin_id=plugin_id, generation=generation).first()
        if found is not None:
            found.turns += 1
            found.turns_with_picture += had_picture
            found.shown_seconds += seconds
            found.save(update_fields=["turns", "turns_with_picture", "shown_seconds"])

    @classmethod
    def note_fault(cls, plugin_id: str, generation: str, reason: str) -> None:
        """Keep the first reason for which a version has failed."""
        if cls.objects.filter(plugin_id=plugin_id, generation=generation, fault="").exists():
            cls.objects.filter(plugin_id=plugin_id, generation=generation, fault="").update(fault=reason)

    def failure(self) -> str:
        """Return why it has to go, empty while nothing speaks against it."""
        if self.fault:
            return self.fault
        has_had_its_time = self.turns >= PROBATION_TURNS or self.shown_seconds >= PROBATION_SECONDS
        return f"It drew nothing in {self.turns} turns." if has_had_its_time and not self.turns_with_picture else ""

    def is_passed(self) -> bool:
        """Tell whether it has had its time on the panel without a failure."""
        has_had_its_time = self.turns >= PROBATION_TURNS or self.shown_seconds >= PROBATION_SECONDS
        return has_had_its_time and not self.failure()
