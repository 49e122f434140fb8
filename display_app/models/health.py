"""How well each plugin behaves: failures, strikes, quarantine."""

from __future__ import annotations

from django.db import models


class PluginHealth(models.Model):
    """What the director remembers of a plugin across restarts; written by health/ alone."""

    plugin_id = models.CharField(primary_key=True, max_length=63)
    generation = models.CharField(max_length=80, blank=True, help_text="Another generation starts with a clean record")
    strikes = models.JSONField(default=list, blank=True, help_text="Wall-clock seconds and reasons of recent crashes, kills and limits")
    failures = models.PositiveIntegerField(default=0, help_text="Exceptions in a row")
    last_error = models.TextField(blank=True)
    last_traceback = models.TextField(blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    quarantined_at = models.DateTimeField(null=True, blank=True)
    quarantine_reason = models.TextField(blank=True)
    restarts = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "plugin health"

    def __str__(self) -> str:
        return f"health of {self.plugin_id}"
