"""Pictures of an installed plugin on demand: asked for with a size, a mode and settings, drawn by a worker, fetched when done."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from plugins_app.access import Role
from plugins_app.api.base import ApiView
from plugins_app.api.picture_answers import DrawingAnswer
from plugins_app.api.preview import OneForm
from plugins_app.api.schema import answers_drawing, takes
from plugins_app.api.serializers import DrawingBody, read_body
from plugins_app.config.store import tried_settings
from plugins_app.drawing.ask import ask, find
from plugins_app.drawing.keep import picture_of
from plugins_app.drawing.wish import Data, Wish
from plugins_app.exceptions import NotFound
from plugins_app.lifecycle.requests import get_installed
from plugins_app.models import Drawing, DrawingStatus

INTERRUPTED = "Drawing it was interrupted. Draw it again."


class DrawingsView(ApiView):
    """Has a picture drawn; what stands in `settings` is laid over the saved ones and not saved."""

    @takes(DrawingBody, DrawingAnswer, status=202)
    def post(self, request: Request, plugin_id: str) -> Response:
        """Answer 202 and where it will be; 200 when it was drawn a moment ago."""
        body = read_body(DrawingBody, request.data)
        plugin, panel = get_installed(plugin_id), settings.LEDSITE.panel
        wish = Wish(
            width=body.get("width", panel.width),
            height=body.get("height", panel.height),
            mode=body.get("mode", ""),
            seconds=body["seconds"],
            data=Data(body["data"]),
            settings=tried_settings(plugin, body.get("settings", {}), partial=True),
        )
        drawing = ask(plugin, wish, requested_by=self.requested_by, anew=body["anew"])
        address = reverse("plugin-drawing", args=[drawing.plugin_id, drawing.key])
        return Response(drawing_body(drawing), status=202 if drawing.is_open else 200, headers={"Location": address})


class DrawingView(ApiView):
    """How far a picture is."""

    read_role = Role.OPERATOR

    @answers_drawing
    def get(self, request: Request, plugin_id: str, key: str) -> Response:
        """Say so."""
        return Response(drawing_body(find(get_installed(plugin_id), key)))


class PictureView(ApiView):
    """The picture itself, an animated WebP."""

    read_role = Role.OPERATOR
    content_negotiation_class = OneForm

    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, plugin_id: str, key: str) -> HttpResponseBase:
        """Answer 404 `no-such-drawing` while there is none."""
        drawing = find(get_installed(plugin_id), key)
        try:
            body = picture_of(drawing).read_bytes()
        except OSError as error:
            raise NotFound("There is no picture.", code="no-such-drawing", hint="Draw it again.") from error
        response = HttpResponse(body, content_type="image/webp")
        response["Cache-Control"] = "private, no-store"
        return response


def drawing_body(drawing: Drawing) -> dict[str, Any]:
    """Return a drawing as the API shows it."""
    is_done = drawing.status == DrawingStatus.DONE
    is_lost = drawing.is_open and drawing.is_abandoned
    names = ("plugin_id", "width", "height", "mode", "seconds", "data", "notes", "created_at", "finished_at")
    return {
        "id": drawing.key,
        **{name: getattr(drawing, name) for name in names},
        "status": DrawingStatus.FAILED.value if is_lost else drawing.status,
        "problem": INTERRUPTED if is_lost else drawing.problem,
        "picture": picture_address(drawing) if is_done else None,
    }


def picture_address(drawing: Drawing) -> str:
    """Return the address of a drawing's picture; it changes with every drawing."""
    address = reverse("plugin-drawing-picture", args=[drawing.plugin_id, drawing.key])
    return f"{address}?of={drawing.pk}"
