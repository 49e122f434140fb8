"""The panel's picture over HTTP: `frame.png`, and the stream of changed frames."""

from __future__ import annotations

import random
from http import HTTPStatus
from typing import Any

from django.db import connections
from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from display_app.frames.encoding import MAX_SCALE, encode_png, png_etag
from display_app.preview import MAX_VIEWERS, FrameStream, NoPlace, is_panel_alive, open_bus
from plugins_app.api.base import ApiView
from plugins_app.exceptions import BadRequest

SHORTEST, LONGEST = 30.0, 60.0  # seconds; the browser comes back by itself: no stream outlives a logout by more


class PanelNotRunning(APIException):
    """There is no picture that could be called the panel's present one."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "panel-not-running"
    default_detail = "The panel is not running."
    hint = "GET /api/v3/display/status says what its processes do."


class TooManyViewers(APIException):
    """All places for streams are taken."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "too-many-viewers"
    default_detail = f"{MAX_VIEWERS} viewers watch the panel already."
    hint = "Close another live picture, or ask for frame.png."
    wait = 10


class IgnoreAccept(DefaultContentNegotiation):
    """Picture and stream come in one form each, whatever the browser says it prefers; errors are JSON."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """Take the first renderer."""
        return renderers[0], renderers[0].media_type


class FramePngView(ApiView):
    """What the panel shows now, as a PNG."""

    content_negotiation_class = IgnoreAccept

    @extend_schema(parameters=[OpenApiParameter("scale", int)], responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponseBase:
        """Answer 304 when the browser has this picture, 503 when the panel does not run."""
        scale = _scale(request.query_params.get("scale", "1"))
        with open_bus() as bus:
            frame = bus.read()
        if frame is None or not is_panel_alive():
            raise PanelNotRunning
        etag = png_etag(frame, scale=scale)
        is_known = etag in [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
        response = HttpResponseNotModified() if is_known else HttpResponse(encode_png(frame, scale=scale), content_type="image/png")
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        return response


class StreamView(ApiView):
    """Changed frames as server-sent events, at most 20 a second."""

    content_negotiation_class = IgnoreAccept

    @extend_schema(responses={(200, "text/event-stream"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponseBase:
        """Stream for half a minute to a minute; the browser comes back by itself."""
        try:
            events = FrameStream(open_bus(), is_alive=is_panel_alive, seconds=random.uniform(SHORTEST, LONGEST))
        except NoPlace as error:
            raise TooManyViewers from error
        _let_connections_go(request)
        response = StreamingHttpResponse(events, content_type="text/event-stream")
        response["Cache-Control"] = "no-store"
        response["X-Accel-Buffering"] = "no"
        return response


def _scale(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 2 or not 1 <= int(text) <= MAX_SCALE:
        raise BadRequest(f"scale={text[:20]!r} is not a whole number from 1 to {MAX_SCALE}.", code="bad-scale", hint="Leave it out for 1.")
    return int(text)


def _let_connections_go(request: Request) -> None:
    """Hold no database connection while streaming, and give up on a browser that stops reading."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
    client = request.META.get("gunicorn.socket")
    if client is not None:
        client.settimeout(SHORTEST)
