"""Updates of all plugins, and whether they come by themselves."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role
from plugins_app.api.answers import UpdatePolicyAnswer
from plugins_app.api.base import ApiView
from plugins_app.api.representations import operation_body
from plugins_app.api.schema import accepts_operations, answers_update_policy, takes
from plugins_app.api.serializers import UpdatePolicyBody, read_body
from plugins_app.lifecycle import automatic, updating


class UpdateAllView(ApiView):
    """Updates every plugin that has something newer, one operation for each."""

    @accepts_operations
    def post(self, request: Request) -> Response:
        """Queue them; a plugin that something else works on is left out."""
        operations = updating.request_update_all(requested_by=self.requested_by)
        body = {"count": len(operations), "results": [operation_body(operation) for operation in operations]}
        return Response(body, status=202, headers={"Location": reverse("operations")})


class UpdatePolicyView(ApiView):
    """Whether plugins are updated by themselves, what is on probation, and which versions are not offered again."""

    write_role = Role.ADMIN

    @answers_update_policy
    def get(self, request: Request) -> Response:
        """Show it."""
        return Response(automatic.describe())

    @takes(UpdatePolicyBody, UpdatePolicyAnswer)
    def put(self, request: Request) -> Response:
        """Turn automatic updates on or off."""
        automatic.set_automatic(read_body(UpdatePolicyBody, request.data)["automatic"], requested_by=self.requested_by)
        return Response(automatic.describe())
