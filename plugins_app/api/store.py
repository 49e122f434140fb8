"""What is on offer: the catalogue out of rows, and its refresh by a worker."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.api.base import ApiView, accepted
from plugins_app.api.schema import answers_catalogue, answers_operation
from plugins_app.api.serializers import ForceBody, read_options
from plugins_app.lifecycle import requests
from plugins_app.store import catalogue

FILTERS = ("query", "category", "tag", "sort")


class StoreListView(ApiView):
    """The plugins of all registries; never waits for the network."""

    @answers_catalogue
    def get(self, request: Request) -> Response:
        """List them in registry order, filtered."""
        body = catalogue.browse(**{name: request.query_params.get(name, "") for name in FILTERS}).as_dict()
        found, head = self.page(request, body["results"])
        return Response({**body, **head, "results": found})


class StoreRefreshView(ApiView):
    """Asks the registries for what is new."""

    @answers_operation(ForceBody)
    def post(self, request: Request) -> Response:
        """Queue the refresh; `force` asks although the last answer is fresh, and fails when there is none."""
        force = bool(read_options(ForceBody, request.data)["force"])
        return accepted(requests.request_refresh(force=force, requested_by=self.requested_by))
