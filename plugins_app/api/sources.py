"""Registries: the official one, and those that the owner added."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role
from plugins_app.api.answers import SourceAnswer
from plugins_app.api.base import ApiView
from plugins_app.api.representations import source_body
from plugins_app.api.schema import answers_nothing, answers_sources, takes
from plugins_app.api.serializers import SourceBody, read_body
from plugins_app.lifecycle.requests import request_refresh
from plugins_app.store.added import add_source, remove_source
from plugins_app.store.sources import all_sources


class SourcesView(ApiView):
    """All registries, the official one first."""

    write_role = Role.ADMIN

    @answers_sources
    def get(self, request: Request) -> Response:
        """List them."""
        found, head = self.page(request, all_sources())
        return Response({**head, "results": [source_body(source) for source in found]})

    @takes(SourceBody, SourceAnswer, status=201)
    def post(self, request: Request) -> Response:
        """Add one and have it asked."""
        body = read_body(SourceBody, request.data)
        source = add_source(body["name"], body["url"], requested_by=self.requested_by)
        request_refresh(requested_by=self.requested_by)
        return Response(source_body(source), status=201)


class SourceView(ApiView):
    """One registry that the owner added."""

    write_role = Role.ADMIN

    @answers_nothing
    def delete(self, request: Request, source_id: int) -> Response:
        """Remove it; what was installed from it stays."""
        remove_source(source_id, requested_by=self.requested_by)
        return Response(status=204)
