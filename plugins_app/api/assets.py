"""Pictures that owners give to a plugin: list, upload, delete, and a small picture of each."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.api.base import KIB, ApiView
from plugins_app.api.picture_answers import CredentialsAnswer, UploadList
from plugins_app.api.preview import OneForm
from plugins_app.api.schema import describe, takes, words
from plugins_app.api.serializers import AssetDeleteBody, AssetsUploadBody, CredentialsBody, PluginBody, read_body
from plugins_app.lifecycle.requests import get_installed
from plugins_app.models import Plugin
from plugins_app.uploads import form_uploads, keep


class AssetsView(ApiView):
    """The pictures that were uploaded for a plugin."""

    @describe(UploadList, parameters=words("plugin_id"))
    def get(self, request: Request) -> Response:
        """List those of `plugin_id`, the oldest first, and whether its settings use them."""
        plugin = get_installed(read_body(PluginBody, request.query_params.dict())["plugin_id"])
        return Response(_list(plugin, keep.uploads_of(plugin)))


class AssetsUploadView(ApiView):
    """Keeps pictures for a plugin; a setting has to name their paths."""

    most_body = settings.LARGEST_UPLOAD
    parser_classes = (MultiPartParser,)

    @describe(UploadList, body={"multipart/form-data": AssetsUploadBody}, status=201)  # type: ignore[arg-type]
    def post(self, request: Request) -> Response:
        """Check and keep all of `files`, or none."""
        body = read_body(AssetsUploadBody, request.data)
        plugin = get_installed(body["plugin_id"])
        return Response(_list(plugin, keep.take(plugin, body["files"], requested_by=self.requested_by)), status=201)


class AssetsDeleteView(ApiView):
    """Deletes a picture that the settings of its plugin do not use."""

    @takes(AssetDeleteBody, UploadList)
    def post(self, request: Request) -> Response:
        """Do it at once, and list what is left."""
        body = read_body(AssetDeleteBody, request.data)
        plugin = get_installed(body["plugin_id"])
        keep.delete(plugin, body["id"], requested_by=self.requested_by)
        return Response(_list(plugin, keep.uploads_of(plugin)))


class CredentialsView(ApiView):
    """Takes the JSON file that a setting of a plugin wants: the credentials of an account; it is never shown again."""

    most_body = 2 * 1024 * KIB
    parser_classes = (MultiPartParser,)

    @describe(CredentialsAnswer, body={"multipart/form-data": CredentialsBody})  # type: ignore[arg-type]
    def post(self, request: Request, plugin_id: str) -> Response:
        """Keep it; `setting` is a JSON pointer where there are several."""
        body = read_body(CredentialsBody, request.data)
        plugin = get_installed(plugin_id)
        name = form_uploads.save_document(plugin, body["setting"], body["file"], requested_by=self.requested_by)
        return Response({"plugin_id": plugin.plugin_id, "file": name})


class AssetPictureView(ApiView):
    """An uploaded picture, made small, as a WebP."""

    content_negotiation_class = OneForm

    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, plugin_id: str, name: str) -> HttpResponseBase:
        """Answer 404 `no-such-upload` when there is none."""
        body = keep.small_picture(get_installed(plugin_id), name)
        response = HttpResponse(body, content_type="image/webp")
        response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        response["Cache-Control"] = "private, max-age=86400"
        return response


def _list(plugin: Plugin, uploads: list[keep.Upload]) -> dict[str, Any]:
    return {"count": len(uploads), "results": [_row(plugin, one) for one in uploads]}


def _row(plugin: Plugin, upload: keep.Upload) -> dict[str, Any]:
    picture = reverse("asset-picture", args=[plugin.plugin_id, upload.name])
    return {**upload.entry(), "bytes": upload.size, "is_used": upload.is_used, "picture": picture}
