"""Reconciliation: asking for a pass, and what the last one found."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role
from plugins_app.api.base import ApiView, accepted
from plugins_app.api.representations import reconcile_body
from plugins_app.api.schema import answers_operation, answers_reconcile
from plugins_app.api.serializers import ForceBody, read_options
from plugins_app.lifecycle import requests
from plugins_app.models import ReconcileRun


class ReconcileView(ApiView):
    """Compares the disk with what should be there and repairs what can be repaired."""

    write_role = Role.OPERATOR

    @answers_reconcile
    def get(self, request: Request) -> Response:
        """Show what the last pass found."""
        return Response(reconcile_body(ReconcileRun.objects.exclude(finished_at=None).first()))

    @answers_operation(ForceBody)
    def post(self, request: Request) -> Response:
        """Queue a pass; `force` also retries what was given up."""
        force = bool(read_options(ForceBody, request.data)["force"])
        return accepted(requests.request_reconcile(force=force, requested_by=self.requested_by))
