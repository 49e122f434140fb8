"""What is known about repositories, their last commits and the plugins in them, and how many calls GitHub still allows."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class RepositoryFacts(models.Model):
    """One repository as GitHub describes it; only a good answer changes it."""

    slug = models.CharField(max_length=200, unique=True, help_text="owner/name in lower case")
    stars = models.IntegerField(default=0)
    default_branch = models.CharField(max_length=200, blank=True)
    pushed_at = models.CharField(max_length=40, blank=True)
    size_kb = models.IntegerField(default=0, help_text="Size of the repository by GitHub's word; 0 when it did not say")
    download_bytes = models.BigIntegerField(null=True, blank=True, help_text="Size of its archive when it was fetched last")
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class CommitFacts(models.Model):
    """The last commit of a folder of a repository; only a good answer changes it."""

    slug = models.CharField(max_length=200, help_text="owner/name in lower case")
    branch = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=300, blank=True, help_text="A folder in the repository; empty for all of it")
    sha = models.CharField(max_length=64)
    author = models.CharField(max_length=200, blank=True)
    date = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=500, blank=True)
    mark = models.CharField(max_length=64, blank=True, help_text="Tree id or time of the last push it belongs to: another one asks again")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "branch", "path"], name="one_commit_per_folder")]

    def __str__(self) -> str:
        return f"{self.slug} {self.path} {self.sha[:7]}"


class PluginFacts(models.Model):
    """What a plugin's own files in its repository say; fetched when somebody asks, and only a good answer changes it."""

    slug = models.CharField(max_length=200, help_text="owner/name as the registry spells it")
    branch = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=300, blank=True, help_text="A folder in the repository; empty for its top")
    mark = models.CharField(max_length=120, blank=True, help_text="Version and commit it was read at: another one asks again")
    readme = models.TextField(blank=True)
    manifest = models.JSONField(default=dict, blank=True)
    schema = models.JSONField(default=dict, blank=True)
    requirements = models.TextField(blank=True)
    picture = models.BinaryField(null=True, blank=True, help_text="A still WebP, made anew from what was fetched")
    notes = models.JSONField(default=dict, blank=True, help_text="What is wrong with a file, by what it is")
    etags = models.JSONField(default=dict, blank=True, help_text="Validators by address")
    wanted_mark = models.CharField(max_length=120, blank=True)
    wanted_picture = models.CharField(max_length=500, blank=True, help_text="The registry's address of a picture")
    asked_at = models.DateTimeField(default=timezone.now, help_text="When a worker was told to fetch it last")
    tried_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="When every file was answered for")
    wait_until = models.DateTimeField(null=True, blank=True)
    failures = models.IntegerField(default=0)
    problem = models.JSONField(null=True, blank=True, help_text="{code, message, hint} of the last failure, null after a good pass")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "branch", "path"], name="one_plugin_per_folder")]
        verbose_name_plural = "plugin facts"

    def __str__(self) -> str:
        return f"{self.slug} {self.path}".strip()


class ApiAccess(models.Model):
    """Calls under one token, or without any: made in the last hour, still allowed, and until when not to ask."""

    token_digest = models.CharField(max_length=16, blank=True, unique=True)
    sealed = models.TextField(blank=True, help_text="The token that an administrator set, encrypted; empty for the environment's")
    state = models.CharField(max_length=10, default="none", help_text="none, unknown, valid or invalid")
    calls = models.JSONField(default=list, blank=True, help_text="[minute since the epoch, calls in it]")
    calls_limit = models.IntegerField(null=True, blank=True)
    calls_left = models.IntegerField(null=True, blank=True)
    reset_at = models.DateTimeField(null=True, blank=True)
    wait_until = models.DateTimeField(null=True, blank=True)
    failures = models.IntegerField(default=0, help_text="Passes in a row that GitHub ended")
    problem = models.JSONField(null=True, blank=True, help_text="{code, message, hint} of the last failure, null after a good answer")
    checked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.token_digest or "without a token"
