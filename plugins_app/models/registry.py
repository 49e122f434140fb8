"""What is on offer: registry sources, their entries, and what the network said last."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from plugins_app.models.states import Trust


class RegistrySource(models.Model):
    """One registry file somewhere: the official one and any the owner added."""

    name = models.CharField(max_length=100, unique=True)
    url = models.URLField(max_length=500, unique=True)
    trust = models.CharField(max_length=10, choices=Trust, default=Trust.ADDED)
    position = models.IntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="When its entries were last confirmed by the other side")
    content_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the body that the entries came from")
    suspect_digest = models.CharField(max_length=64, blank=True, help_text="A body that lost more than half; believed when seen twice")
    problem = models.JSONField(null=True, blank=True, help_text="{code, message, hint} of the last failed refresh, null after a good one")
    dropped = models.JSONField(default=list, blank=True, help_text="Entries that could not be used, each with its reason")

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class RegistryEntry(models.Model):
    """One plugin on offer, as its registry describes it."""

    source = models.ForeignKey(RegistrySource, on_delete=models.CASCADE, related_name="entries")
    registry_id = models.CharField(max_length=63)
    position = models.IntegerField()
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    author = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=100, blank=True)
    tags = models.JSONField(default=list, blank=True)
    repo = models.CharField(max_length=300)
    branch = models.CharField(max_length=200, blank=True)
    plugin_path = models.CharField(max_length=300, blank=True)
    stars = models.IntegerField(default=0)
    downloads = models.IntegerField(default=0)
    verified = models.BooleanField(default=False)
    latest_version = models.CharField(max_length=50, blank=True)
    last_updated = models.CharField(max_length=40, blank=True)
    screenshot = models.CharField(max_length=500, blank=True)
    versions = models.JSONField(default=list, blank=True)
    raw = models.JSONField(default=dict, blank=True)
    first_seen_at = models.DateTimeField(null=True, blank=True, help_text="When its registry offered it here for the first time")

    class Meta:
        ordering = ["source__position", "source_id", "position"]
        constraints = [models.UniqueConstraint(fields=["source", "registry_id"], name="one_entry_per_source_and_id")]

    def __str__(self) -> str:
        return self.registry_id


class HttpCacheEntry(models.Model):
    """What one address answered: validators, age, and until when not to ask again. Only a 200 replaces a good value."""

    url = models.CharField(max_length=600)
    token_digest = models.CharField(max_length=16, blank=True, help_text="ETags belong to the token they were given to")
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(null=True, blank=True)
    status = models.IntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="Last 200 or 304")
    tried_at = models.DateTimeField(default=timezone.now)
    backoff_until = models.DateTimeField(null=True, blank=True)
    failures = models.IntegerField(default=0, help_text="Failures in a row; each doubles the wait")
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["url", "token_digest"], name="one_cache_row_per_url_and_token")]

    def __str__(self) -> str:
        return self.url
