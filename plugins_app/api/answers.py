"""The shapes of answers, for the OpenAPI description; the answers themselves are built by the functions that views call."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from plugins_app.models import OperationKind, OperationStatus, Phase, Source, Trust

PLUGIN_STATES = (
    "showing",
    "ready",
    "starting",
    "disabled",
    "needs-configuration",
    "offline",
    "backed-off",
    "quarantined",
    "broken",
    "missing",
    "incompatible",
)


class ProblemAnswer(s.Serializer[Any]):
    """A problem document (RFC 9457), content type application/problem+json."""

    title = s.CharField()
    status = s.IntegerField()
    code = s.CharField(help_text="A name for programs")
    detail = s.CharField(help_text="What happened")
    hint = s.CharField(help_text="What to do", allow_blank=True)
    errors = s.ListField(child=s.DictField(), required=False, help_text="[{path, message}] of wrong fields")  # type: ignore[assignment]


class ErrorAnswer(s.Serializer[Any]):
    """Why something failed."""

    code = s.CharField()
    message = s.CharField()
    hint = s.CharField(allow_blank=True)


class LogLine(s.Serializer[Any]):
    """One line of an operation's log."""

    at = s.DateTimeField()
    level = s.CharField()
    text = s.CharField()


class OperationAnswer(s.Serializer[Any]):
    """One operation."""

    id = s.IntegerField()
    kind = s.ChoiceField(choices=OperationKind.choices)
    plugin_id = s.CharField(allow_blank=True)
    status = s.ChoiceField(choices=OperationStatus.choices)
    phase = s.ChoiceField(choices=Phase.choices)
    progress = s.IntegerField(min_value=0, max_value=100)
    attempts = s.IntegerField()
    error = ErrorAnswer(allow_null=True)
    warnings = s.ListField(child=s.CharField())
    log = LogLine(many=True, help_text="In the detail only, for operators and administrators")
    created_at = s.DateTimeField()
    started_at = s.DateTimeField(allow_null=True)
    finished_at = s.DateTimeField(allow_null=True)
    retry_at = s.DateTimeField(allow_null=True)
    requested_by = s.CharField()


class OperationList(s.Serializer[Any]):
    """Operations, the newest first."""

    count = s.IntegerField()
    results = OperationAnswer(many=True)


class DescribedPlugin(s.Serializer[Any]):
    """What a plugin says of itself."""

    id = s.CharField()
    name = s.CharField()
    version = s.CharField()
    author = s.CharField()
    description = s.CharField()
    category = s.CharField()
    tags = s.ListField(child=s.CharField())


class InstalledPlugin(DescribedPlugin):
    """One installed plugin."""

    enabled = s.BooleanField()
    position = s.IntegerField()
    status = s.ChoiceField(choices=PLUGIN_STATES)
    status_reason = s.CharField(allow_blank=True)
    latest_version = s.CharField(allow_blank=True)
    update_available = s.BooleanField()
    source = s.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    preview = s.CharField(allow_null=True, help_text="Address of an animated WebP of what it shows")
    git = s.DictField(allow_null=True, help_text="{branch, sha, remote_url, date, dirty} of a git working copy")


class InstalledList(s.Serializer[Any]):
    """Installed plugins in the order of the panel."""

    count = s.IntegerField()
    results = InstalledPlugin(many=True)


class RemovedPlugin(s.Serializer[Any]):
    """One plugin that was removed and is still kept."""

    id = s.CharField()
    name = s.CharField()
    version = s.CharField(allow_blank=True)
    removed_at = s.DateTimeField()
    removed_by = s.CharField(allow_blank=True)
    undo_until = s.DateTimeField(allow_null=True, help_text="null: it cannot be brought back any more")
    keeps_settings = s.BooleanField(help_text="The next installation takes its settings over")


class RemovedList(s.Serializer[Any]):
    """Removed plugins, the last removed first."""

    count = s.IntegerField()
    results = RemovedPlugin(many=True)


class OfferedVersionAnswer(s.Serializer[Any]):
    """One version on offer."""

    version = s.CharField()
    released = s.CharField(allow_blank=True)
    notes = s.CharField(allow_blank=True)
    installed = s.BooleanField()
    incompatible = s.CharField(allow_blank=True, help_text="Why it does not fit this product")
    refused = s.CharField(allow_blank=True, help_text="Why it is not offered by itself again")


class VersionsAnswer(s.Serializer[Any]):
    """The versions of an installed plugin."""

    plugin_id = s.CharField()
    name = s.CharField()
    installed = s.CharField()
    previous = s.CharField(allow_null=True, help_text="What a rollback returns to")
    results = OfferedVersionAnswer(many=True)


class OfferedPlugin(s.Serializer[Any]):
    """One plugin of a registry."""

    id = s.CharField()
    name = s.CharField()
    author = s.CharField()
    description = s.CharField()
    category = s.CharField()
    tags = s.ListField(child=s.CharField())
    repo = s.CharField()
    branch = s.CharField()
    default_branch = s.CharField()
    plugin_path = s.CharField()
    stars = s.IntegerField()
    verified = s.BooleanField()
    latest_version = s.CharField()
    last_updated = s.CharField()
    last_commit = s.DictField(allow_null=True, help_text="{sha, author, date, message}")
    first_seen_at = s.DateTimeField(allow_null=True, help_text="Since when its registry offers it, as far as is known")
    screenshot = s.CharField(help_text="Address elsewhere, as the registry gives it; the pages never load it")
    preview = s.CharField(allow_null=True, help_text="Address of an animated WebP of what it shows, while it is installed")
    installed = s.BooleanField()
    installed_id = s.CharField(allow_null=True)
    installed_version = s.CharField(allow_null=True)
    update_available = s.BooleanField()
    compatible = s.BooleanField()
    incompatible_reason = s.CharField(allow_null=True)
    source = s.CharField(help_text="Name of its registry")  # type: ignore[assignment]
    trust = s.ChoiceField(choices=Trust.choices)


class CatalogueAnswer(s.Serializer[Any]):
    """What is on offer, with its age."""

    count = s.IntegerField()
    fetched_at = s.DateTimeField(allow_null=True)
    stale = s.BooleanField()
    problem = ErrorAnswer(required=False, help_text="Why it is stale or empty")
    results = OfferedPlugin(many=True)


class ToggleAnswer(s.Serializer[Any]):
    """Whether a plugin is wanted on."""

    plugin_id = s.CharField()
    enabled = s.BooleanField()


class ReconcileAnswer(s.Serializer[Any]):
    """The last reconciliation."""

    findings = s.ListField(child=s.DictField())
    fixed = s.ListField(child=s.DictField())
    manual_fix_required = s.ListField(child=s.DictField(), help_text="[{plugin_id, kind, reason, since, actions}]")
    finished_at = s.DateTimeField(allow_null=True)


class TokenAnswer(s.Serializer[Any]):
    """What is known about the GitHub token."""

    state = s.ChoiceField(choices=("none", "unknown", "valid", "invalid"), help_text="unknown: not used yet")
    origin = s.ChoiceField(choices=("none", "environment", "stored", "unreadable"))
    calls_left = s.IntegerField(allow_null=True)
    calls_limit = s.IntegerField(allow_null=True)
    reset_at = s.DateTimeField(allow_null=True)
    used_last_hour = s.IntegerField()
    may_ask_now = s.IntegerField(help_text="Calls that fit into the budget at this moment")
    wait_until = s.DateTimeField(allow_null=True)
    problem = ErrorAnswer(allow_null=True)


class ActedAnswer(s.Serializer[Any]):
    """What was done about a finding."""

    plugin_id = s.CharField()
    action = s.CharField()
    message = s.CharField()


class ProbationAnswer(s.Serializer[Any]):
    """A version that came by itself and has to prove itself on the panel."""

    plugin_id = s.CharField()
    version = s.CharField()
    from_version = s.CharField()
    begun_at = s.DateTimeField()
    turns = s.IntegerField()
    turns_with_picture = s.IntegerField()
    shown_seconds = s.FloatField()


class UpdatePolicyAnswer(s.Serializer[Any]):
    """Whether plugins are updated by themselves."""

    automatic = s.BooleanField()
    probation = ProbationAnswer(many=True)
    refused = s.ListField(child=s.DictField(), help_text="[{plugin_id, version, reason}]: not offered again")


class SourceAnswer(s.Serializer[Any]):
    """One registry."""

    id = s.IntegerField()
    name = s.CharField()
    url = s.CharField()
    trust = s.ChoiceField(choices=Trust.choices)
    fetched_at = s.DateTimeField(allow_null=True)
    problem = ErrorAnswer(allow_null=True)
    dropped = s.ListField(child=s.DictField(), help_text="Entries that cannot be used, with the reason")


class SourceList(s.Serializer[Any]):
    """All registries."""

    count = s.IntegerField()
    results = SourceAnswer(many=True)
