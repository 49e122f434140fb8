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
from plugins_app.api.authentication import revisions_of
from plugins_app.api.base import ApiView, accepted
from plugins_app.api.permissions import reader_of
from plugins_app.api.schema import (
    accepts_token,
    answers_catalogue,
    answers_changes,
    answers_facets,
    answers_operation,
    answers_token,
    takes,
)
from plugins_app.api.serializers import ForceBody, TokenBody, read_body, read_options
from plugins_app.lifecycle import requests
from plugins_app.store import catalogue, changes, token
from plugins_app.store.search import Wanted


class StoreListView(ApiView):
    """The plugins of all registries; never waits for the network."""

    @answers_catalogue
    def get(self, request: Request) -> HttpResponseBase:
        """List them in registry order unless `sort` says otherwise, filtered."""
        wanted, sort = Wanted.of(request.query_params), request.query_params.get("sort", "")

        def build() -> tuple[dict[str, Any], datetime | None]:
            offered = catalogue.browse(wanted, sort=sort)
            body = offered.as_dict()
            found, head = self.page(request, body["results"])
            return {**body, **head, "results": found}, offered.fresh_until

        if not kept.is_plain(request):
            return Response(build()[0])
        return kept.answer(
            request, ("store", wanted, sort, *self.cut(request)), key=catalogue.answer_key(revisions_of(request)), build=build
        )


class StoreFacetsView(ApiView):
    """The filters of the list, with how many plugins each value would show beside the other filters that are chosen."""

    @answers_facets
    def get(self, request: Request) -> HttpResponseBase:
        """Count them; `without` tells how many there would be without each filter that is chosen."""
        wanted = Wanted.of(request.query_params)

        def build() -> tuple[dict[str, Any], datetime | None]:
            return catalogue.browse_with_facets(wanted)[1].as_dict(), None

        if not kept.is_plain(request):
            return Response(build()[0])
        return kept.answer(request, ("facets", wanted), key=catalogue.rows_key(revisions_of(request)), build=build)


class StoreChangesView(ApiView):
    """What is new, updated or gone since whoever asks was in the store last."""

    @answers_changes
    def get(self, request: Request) -> Response:
        """List it; only the store's page counts as a visit."""
        return Response(changes.news(reader_of(request)).as_dict())


class StoreChangesSeenView(ApiView):
    """Takes the marks of whoever asks away."""

    write_role = Role.VIEWER

    @answers_changes
    def post(self, request: Request) -> Response:
        """Begin anew: only what changes from now on is marked."""
        changes.mark_as_seen(reader_of(request))
        return Response(changes.news(reader_of(request)).as_dict())


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
