"""What is on offer: the catalogue out of rows, its refresh by a worker, and the token that allows GitHub more calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role
from plugins_app.api import kept
from plugins_app.api.answers import TokenAnswer
from plugins_app.api.base import ApiView, accepted
from plugins_app.api.schema import accepts_token, answers_catalogue, answers_operation, answers_token, takes
from plugins_app.api.serializers import ForceBody, TokenBody, read_body, read_options
from plugins_app.lifecycle import requests
from plugins_app.store import catalogue, token

FILTERS = ("query", "category", "tag", "sort")


class StoreListView(ApiView):
    """The plugins of all registries; never waits for the network."""

    @answers_catalogue
    def get(self, request: Request) -> HttpResponseBase:
        """List them in registry order, filtered."""
        wanted = {name: request.query_params.get(name, "") for name in FILTERS}

        def build() -> tuple[dict[str, Any], datetime | None]:
            offered = catalogue.browse(**wanted)
            body = offered.as_dict()
            found, head = self.page(request, body["results"])
            return {**body, **head, "results": found}, offered.fresh_until

        if not kept.is_plain(request):
            return Response(build()[0])
        return kept.answer(request, ("store", *wanted.values(), *self.cut(request)), key=catalogue.current_key(), build=build)


class StoreRefreshView(ApiView):
    """Asks the registries for what is new."""

    @answers_operation(ForceBody)
    def post(self, request: Request) -> Response:
        """Queue the refresh; `force` asks although the last answer is fresh, and fails when there is none."""
        force = bool(read_options(ForceBody, request.data)["force"])
        return accepted(requests.request_refresh(force=force, requested_by=self.requested_by))


class StoreTokenView(ApiView):
    """The GitHub token: kept encrypted and never shown, only what it allows."""

    read_role = Role.ADMIN
    write_role = Role.ADMIN

    @answers_token
    def get(self, request: Request) -> Response:
        """Tell its state; nobody is asked."""
        return Response(token.token_state().as_dict())

    @takes(TokenBody, TokenAnswer)
    def put(self, request: Request) -> Response:
        """Keep a token in place of the one before."""
        return Response(token.set_token(read_body(TokenBody, request.data)["token"], requested_by=self.requested_by).as_dict())

    @answers_token
    def delete(self, request: Request) -> Response:
        """Forget it; the environment's counts again."""
        return Response(token.remove_token(requested_by=self.requested_by).as_dict())


class StoreTokenCheckView(ApiView):
    """Lets a worker ask GitHub whether the token is good, which costs none of its calls."""

    write_role = Role.ADMIN

    @accepts_token
    def post(self, request: Request) -> Response:
        """Queue the question; the state is `unknown` until GitHub has answered."""
        return Response(token.request_check().as_dict(), status=202)
