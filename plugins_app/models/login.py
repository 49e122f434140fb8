"""Attempts to log in that did not succeed, counted per address and name and per address."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class LoginAttempts(models.Model):
    """Recent attempts under one key; the key is a digest, so that mistyped names are not kept."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)
    blocked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "login attempts"

    def __str__(self) -> str:
        return f"{self.count} attempts"
