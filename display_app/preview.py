"""The panel's picture for browsers: `frame.png`, and a stream of changed frames; read from the frame bus, no database per frame.

A stream says `beat` with `alive` at least every second, so that a page knows within three when the panel, or the server, is gone.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from display_app import status
from display_app.frames.bus import Frame, FrameReader
from display_app.frames.encoding import MAX_SCALE, encode_event, encode_frame_event, encode_png, png_etag
from plugins_app.api.base import ApiView
from plugins_app.exceptions import BadRequest

FRAMES_NAME = "panel.frames"
MAX_VIEWERS = 8
FRAME_SECONDS = 0.05
POLL_SECONDS = 0.025
STATE_SECONDS = 0.25
BEAT_SECONDS = 1.0
SHORTEST, LONGEST = 30.0, 60.0  # a stream ends by itself and the browser comes back: none outlives a restart or a logout by more


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


class Viewers:
    """Counts the open streams of this process and ends them when it stops."""

    def __init__(self, most: int) -> None:
        self.stopping = False
        self._free = threading.BoundedSemaphore(most)

    def enter(self) -> None:
        """Take a place. Raise TooManyViewers when there is none."""
        if not self._free.acquire(blocking=False):
            raise TooManyViewers

    def leave(self) -> None:
        """Give the place back."""
        self._free.release()

    def stop(self) -> None:
        """End every stream within a frame's time; may be called from a signal handler."""
        self.stopping = True


viewers = Viewers(MAX_VIEWERS)


class FrameStream(Iterator[bytes]):
    """The events of one viewer; holds a place from its making until `close`, which the server calls in any case."""

    def __init__(
        self,
        reader: FrameReader,
        *,
        is_alive: Callable[[], bool],
        places: Viewers = viewers,
        seconds: float = LONGEST,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        places.enter()
        self._places = places
        self._reader = reader
        self._is_alive = is_alive
        self._clock, self._sleep = clock, sleep
        self._ends_at = clock() + seconds
        self._open = True
        self._alive = False
        self._looked_at = self._beat_at = float("-inf")
        self._sent: Frame | None = None
        self._next_frame_at = float("-inf")
        self._greeted = False

    def __next__(self) -> bytes:
        while self._open and not self._places.stopping and self._clock() < self._ends_at:
            event = self._event()
            if event is not None:
                return event
            self._sleep(POLL_SECONDS)
        raise StopIteration

    def close(self) -> None:
        """Give the place and the bus back, once."""
        if self._open:
            self._open = False
            self._reader.close()
            self._places.leave()

    def _event(self) -> bytes | None:
        now = self._clock()
        if not self._greeted:
            self._greeted = True
            return b"retry: 500\n\n"
        if now - self._looked_at >= STATE_SECONDS:
            self._looked_at, was = now, self._alive
            self._alive = self._is_alive()
            if self._alive != was:
                self._sent = None  # the viewer threw its picture away
            if self._alive != was or now - self._beat_at >= BEAT_SECONDS:
                self._beat_at = now
                return encode_event("beat", {"alive": self._alive})
        frame = self._reader.read() if self._alive and now >= self._next_frame_at else None
        if frame is None or frame is self._sent:
            return None
        self._sent, self._next_frame_at = frame, now + FRAME_SECONDS
        return encode_frame_event(frame)


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
        with FrameReader(settings.LEDSITE.run_dir / FRAMES_NAME) as reader:
            frame = reader.read()
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
        seconds = random.uniform(SHORTEST, LONGEST)
        events = FrameStream(FrameReader(settings.LEDSITE.run_dir / FRAMES_NAME), is_alive=is_panel_alive, seconds=seconds)
        _let_connections_go(request)
        response = StreamingHttpResponse(events, content_type="text/event-stream")
        response["Cache-Control"] = "no-store"
        response["X-Accel-Buffering"] = "no"
        return response


def is_panel_alive() -> bool:
    """Tell whether the director lives, without the database."""
    return status.read_status()["alive"] is True


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
