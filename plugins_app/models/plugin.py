"""Installed plugins, their settings and secrets, and the tombstones of removed ones."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from plugins_app.models.states import Source
from plugins_app.package.ids import is_valid_id

UNDO_DAYS = 7


def validate_plugin_id(value: str) -> None:
    """Refuse what cannot be a plugin id (for model validation)."""
    if not is_valid_id(value):
        raise ValidationError("%(value)r cannot be a plugin id.", params={"value": value})


class PluginQuerySet(models.QuerySet["Plugin"]):
    """Questions over installed plugins."""

    def in_order(self) -> PluginQuerySet:
        """Order as the panel shows them."""
        return self.order_by("position", "plugin_id")

    def wanted_on(self) -> PluginQuerySet:
        """Keep those that a person wants on the panel and that have files to run."""
        return self.filter(enabled=True, missing=False).exclude(active_generation="")


class Plugin(models.Model):
    """One installed plugin. Installing is not a state of it: an open Operation is."""

    plugin_id = models.CharField(primary_key=True, max_length=63, validators=[validate_plugin_id])
    name = models.CharField(max_length=200)
    version = models.CharField(max_length=50)
    author = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=100, blank=True)
    tags = models.JSONField(default=list, blank=True)
    manifest = models.JSONField(default=dict, help_text="The manifest as shipped with the active generation")
    schema = models.JSONField(default=dict, blank=True, help_text="config_schema.json as shipped; empty when there is none")
    source = models.CharField(max_length=20, choices=Source)
    source_ref = models.JSONField(default=dict, blank=True, help_text="registry_id, source, repo, branch, plugin_path, url")
    active_generation = models.CharField(max_length=80, blank=True)
    previous_generation = models.CharField(max_length=80, null=True, blank=True)
    enabled = models.BooleanField(default=False)
    position = models.IntegerField(default=0)
    missing = models.BooleanField(default=False, help_text="Its files are gone; reconcile decides what happens")
    setup_problem = models.TextField(blank=True, help_text="Why it cannot run with the present settings (probe at install or change)")
    incompatible = models.TextField(blank=True, help_text="Why this version of the product cannot run it; found at its start")
    start_mark = models.PositiveIntegerField(default=0, db_default=0, help_text="Raised to have a running plugin started anew")
    migrated_values = models.JSONField(
        default=dict, blank=True, help_text="Settings that the last update replaced by defaults, by JSON pointer; a rollback puts them back"
    )
    introduced_at = models.DateTimeField(
        null=True, blank=True, help_text="When a person installed it from the registry: the director shows it once, at once"
    )
    git = models.JSONField(null=True, blank=True, help_text="{branch, sha, remote_url, date, dirty} of a git working copy")
    commit = models.CharField(max_length=64, blank=True, help_text="Commit id from the archive's comment")
    installed_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = PluginQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("plugin_id"), name="plugin_id_unique_without_case")]
        ordering = ["position", "plugin_id"]

    def __str__(self) -> str:
        return self.name or self.plugin_id


class PluginConfig(models.Model):
    """The settings of a plugin as a person saved them: no defaults, no secrets, no `enabled`."""

    plugin = models.OneToOneField(Plugin, on_delete=models.CASCADE, primary_key=True, related_name="config")
    values = models.JSONField(default=dict, blank=True)
    revision = models.IntegerField(default=1, help_text="Counts saves; the panel reloads when it moves")
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"settings of {self.plugin_id}"


class PluginSecret(models.Model):
    """One secret setting, encrypted; never shown, never logged."""

    plugin = models.ForeignKey(Plugin, on_delete=models.CASCADE, related_name="secrets")
    path = models.CharField(max_length=300, help_text="JSON pointer into the settings, for example /flightaware/api_key")
    ciphertext = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plugin", "path"], name="one_secret_per_path")]

    def __str__(self) -> str:
        return f"secret {self.path} of {self.plugin_id}"


class Tombstone(models.Model):
    """A plugin that was removed on purpose: blocks automatic repair, and keeps what an undo needs."""

    plugin_id = models.CharField(primary_key=True, max_length=63, validators=[validate_plugin_id])
    removed_at = models.DateTimeField(default=timezone.now)
    generation = models.CharField(max_length=80, blank=True, help_text="The tree an undo would bring back")
    preserve_config = models.BooleanField(default=False, help_text="The next install takes settings and secrets over")
    snapshot = models.JSONField(default=dict, blank=True, help_text="Plugin row, settings, secrets (still encrypted), order")
    removed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("plugin_id"), name="tombstone_id_unique_without_case")]

    def __str__(self) -> str:
        return f"{self.plugin_id}, removed"

    def is_active(self) -> bool:
        """Tell whether it still forbids any automatic repair (R30)."""
        return timezone.now() - self.removed_at < timedelta(seconds=settings.LEDSITE.tombstone_seconds)

    def can_be_undone(self) -> bool:
        """Tell whether what was removed is still kept: the row and its settings, and the files when there were any."""
        return "plugin" in self.snapshot and timezone.now() < self.undo_until()

    def undo_until(self) -> datetime:
        """Return when the undo ends."""
        return self.removed_at + timedelta(days=UNDO_DAYS)

    def generations(self) -> set[str]:
        """Return the trees that an undo brings back: the live one, and the one that a rollback may return to."""
        previous = (self.snapshot.get("plugin") or {}).get("previous_generation")
        return {name for name in (self.generation, previous) if name}
