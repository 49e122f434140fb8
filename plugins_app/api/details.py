"""One plugin of the store: everything that is stored about it; what is missing or old is fetched by a worker meanwhile."""

from __future__ import annotations

import hashlib

from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role
from plugins_app.api.base import ApiView, accepted
from plugins_app.api.preview import OneForm
from plugins_app.api.schema import accepts_details, accepts_operation, answers_details
from plugins_app.lifecycle import requests
from plugins_app.lifecycle.about import about, picture_address
from plugins_app.store.details import Details, picture_of


class StoreDetailsView(ApiView):
    """One plugin, of a registry or installed."""

    @answers_details
    def get(self, request: Request, plugin_id: str) -> Response:
        """Answer with what is stored, at once; `files.state` says whether a worker fetches more."""
        return Response(_body(about(plugin_id, asks=True)))


class StoreDetailsFetchView(ApiView):
    """Has a plugin's own files fetched now."""

    @accepts_details
    def post(self, request: Request, plugin_id: str) -> Response:
        """Tell a worker, whatever the age of what is stored."""
        return Response(_body(about(plugin_id, asks=True, is_forced=True)), status=202)


class StorePreviewView(ApiView):
    """Has a plugin that is not installed drawn: it is downloaded and runs once, in a process of its own without network."""

    write_role = Role.ADMIN

    @accepts_operation
    def post(self, request: Request, plugin_id: str) -> Response:
        """Queue it; afterwards `preview` of its row is the address of the picture, or the operation's warning says why there is none."""
        return accepted(requests.request_preview(plugin_id, requested_by=self.requested_by))


class StorePictureView(ApiView):
    """The screenshot that a plugin's registry or manifest names, as it was made anew here."""

    content_negotiation_class = OneForm

    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, plugin_id: str) -> HttpResponseBase:
        """Answer 304 when the browser has it, 404 `no-picture` when there is none."""
        body = picture_of(plugin_id)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        is_known = etag in parse_etags(request.headers.get("If-None-Match", ""))
        response: HttpResponseBase = HttpResponseNotModified() if is_known else HttpResponse(body, content_type="image/webp")
        response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
        return response


def _body(found: Details) -> dict[str, object]:
    return found.as_dict(picture=picture_address(found))
