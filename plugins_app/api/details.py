"""One plugin of the store: everything that is stored about it; what is missing or old is fetched by a worker meanwhile."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.api.base import ApiView
from plugins_app.api.preview import OneForm
from plugins_app.api.schema import accepts_details, answers_details
from plugins_app.lifecycle.pictures import preview_address
from plugins_app.store import details


class StoreDetailsView(ApiView):
    """One plugin, of a registry or installed."""

    @answers_details
    def get(self, request: Request, plugin_id: str) -> Response:
        """Answer with what is stored, at once; `files.state` says whether a worker fetches more."""
        return Response(_body(details.details(plugin_id, asks=True)))


class StoreDetailsFetchView(ApiView):
    """Has a plugin's own files fetched now."""

    @accepts_details
    def post(self, request: Request, plugin_id: str) -> Response:
        """Tell a worker, whatever the age of what is stored."""
        return Response(_body(details.details(plugin_id, asks=True, is_forced=True)), status=202)


class StorePictureView(ApiView):
    """The screenshot that a plugin's registry or manifest names, as it was made anew here."""

    content_negotiation_class = OneForm

    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, plugin_id: str) -> HttpResponseBase:
        """Answer 304 when the browser has it, 404 `no-picture` when there is none."""
        body = details.picture_of(plugin_id)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        is_known = etag in parse_etags(request.headers.get("If-None-Match", ""))
        response: HttpResponseBase = HttpResponseNotModified() if is_known else HttpResponse(body, content_type="image/webp")
        response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
        return response


def picture_address(found: details.Details) -> str | None:
    """Return the address of the picture to show: what the plugin drew here, else its screenshot; None without either."""
    row = found.row
    drawn = preview_address(row["installed_id"] or row["id"])
    return drawn or (f"/api/v3/plugins/store/{quote(row['id'])}/picture" if found.files.has_picture else None)


def _body(found: details.Details) -> dict[str, object]:
    return found.as_dict(picture=picture_address(found))
