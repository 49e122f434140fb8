"""Reconciliation: asking for a pass, what the last one found, and doing something about a finding."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role
from plugins_app.api.answers import ActedAnswer
from plugins_app.api.base import ApiView, accepted
from plugins_app.api.permissions import check_role
from plugins_app.api.schema import answers_operation, answers_reconcile, takes
from plugins_app.api.serializers import FindingBody, ForceBody, read_options
from plugins_app.lifecycle import requests
from plugins_app.reconcile.actions import NEEDS_ADMIN, act
from plugins_app.reconcile.report import last_run


class ReconcileView(ApiView):
    """Compares the disk with what should be there and repairs what can be repaired."""

    write_role = Role.OPERATOR

    @answers_reconcile
    def get(self, request: Request) -> Response:
        """Show what the last pass found."""
        return Response(last_run())

    @answers_operation(ForceBody)
    def post(self, request: Request) -> Response:
        """Queue a pass; `force` also retries what was given up."""
        force = bool(read_options(ForceBody, request.data)["force"])
        return accepted(requests.request_reconcile(force=force, requested_by=self.requested_by))


class FindingView(ApiView):
    """Does something about a finding: `retry`, `adopt`, `remove` or `ignore`; adopting and removing are for administrators."""

    @takes(FindingBody, ActedAnswer)
    def post(self, request: Request, plugin_id: str, action: str) -> Response:
        """Do it at once, or queue the operation that does; `kind` chooses among several findings of a plugin."""
        body: dict[str, Any] = read_options(FindingBody, request.data)
        if action in NEEDS_ADMIN:
            check_role(request.user, Role.ADMIN)
        done = act(plugin_id, action, kind=body["kind"], requested_by=self.requested_by)
        if done.operation is not None:
            return accepted(done.operation)
        return Response({"plugin_id": plugin_id, "action": action, "message": done.message})
