"""What the first page tells about plugins, operations and notices; its panel is display_app's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from plugins_app import audit
from plugins_app.access import Role
from plugins_app.admin.pages import action, who
from plugins_app.exceptions import NotFound
from plugins_app.lifecycle import listing
from plugins_app.models import Issue, Operation, Plugin
from plugins_app.reconcile.actions import act

MOST_NOTICES = 20
MOST_ENDED = 5
ENDED_SHOWN_FOR = timedelta(hours=1)


def read_overview() -> dict[str, Any]:
    """Return enabled plugins with their state, operations under way and just ended, and open notices."""
    since = timezone.now() - ENDED_SHOWN_FOR
    return {
        "plugins": [row for row in listing.installed_plugins() if row["enabled"]],
        "operations": Operation.objects.open().order_by("pk"),
        "ended": Operation.objects.filter(finished_at__gte=since).order_by("-pk")[:MOST_ENDED],
        "issues": Issue.objects.filter(resolved_at=None).order_by("-since")[:MOST_NOTICES],
    }


def plugin_names() -> dict[str, str]:
    """Map the ids of installed plugins to their names."""
    return dict(Plugin.objects.values_list("plugin_id", "name"))


@action()
def put_away(request: HttpRequest, issue_id: int) -> str:
    """Put a notice away; it comes back when the same happens again."""
    issue = _open_notice(issue_id)
    Issue.resolve(issue.kind, issue.subject)
    audit.record(who(request), "notice-put-away", issue.subject, kind=issue.kind)
    return "Put away. It comes back when it happens again."


@action(Role.ADMIN)
def adopt(request: HttpRequest, issue_id: int) -> str:
    """Take a folder as it stands as a local plugin."""
    issue = _open_notice(issue_id)
    return act(issue.subject, "adopt", kind=issue.kind, requested_by=who(request)).message


def _open_notice(issue_id: int) -> Issue:
    issue = Issue.objects.filter(pk=issue_id, resolved_at=None).first()
    if issue is None:
        raise NotFound("That notice is gone already.", code="no-such-notice")
    return issue
