"""What is known about repositories and their last commits, and how many calls GitHub still allows."""

from __future__ import annotations

from django.db import models


class RepositoryFacts(models.Model):
    """One repository as GitHub describes it; only a good answer changes it."""

    slug = models.CharField(max_length=200, unique=True, help_text="owner/name in lower case")
    stars = models.IntegerField(default=0)
    default_branch = models.CharField(max_length=200, blank=True)
    pushed_at = models.CharField(max_length=40, blank=True)
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
