"""The animated picture of a plugin, as it was drawn after its installation, of one of our own also before."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from plugins_app.api.base import ApiView
from plugins_app.api.schema import words
from plugins_app.exceptions import NotFound
from plugins_app.installer.previews import Preview
from plugins_app.lifecycle.pictures import previews_of, version_shown


class OneForm(DefaultContentNegotiation):
    """A picture comes in one form, whatever the browser says it prefers; errors are JSON."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """Take the first renderer."""
        return renderers[0], renderers[0].media_type


class PreviewView(ApiView):
    """What a plugin shows, as an animated WebP: its first mode, or the one named."""

    content_negotiation_class = OneForm

    @extend_schema(parameters=words("mode", "of"), responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, plugin_id: str) -> HttpResponseBase:
        """Answer 304 when the browser has this picture, 404 `no-preview` when there is none."""
        generation = version_shown(plugin_id)
        body = _read(previews_of(plugin_id, generation), request.query_params.get("mode", ""))
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        is_known = etag in [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
        response: HttpResponseBase = HttpResponseNotModified() if is_known else HttpResponse(body, content_type="image/webp")
        response["ETag"] = etag
        is_of_this_generation = request.query_params.get("of") == generation
        response["Cache-Control"] = "private, max-age=3600" if is_of_this_generation else "private, no-cache"
        return response


def _read(found: list[Preview], mode: str) -> bytes:
    chosen = next((one for one in found if not mode or one.mode == mode), None)
    try:
        if chosen is not None:
            return chosen.path.read_bytes()
    except OSError:
        chosen = None
    raise NotFound(
        f"There is no picture of {mode[:100] or 'this plugin'}.",
        code="no-preview",
        hint="Pictures are drawn a few seconds after an installation, of plugins that show something without network.",
    )
