"""The panel's picture over HTTP: tags, the beginning of a stream, places, and who may look."""

from __future__ import annotations

import base64
import io
import json
import os
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from PIL import Image
from rest_framework.test import APIClient

from display_app import preview
from display_app.frames.bus import FrameWriter
from plugins_app.access import Role
from tests.fakes.people import client_of

RED, GREEN = b"\xff\0\0" * 64 * 32, b"\0\xff\0" * 64 * 32


def write_status(*, beat: float | None = None) -> None:
    state = {"pid": os.getpid(), "beat": time.monotonic() if beat is None else beat}
    (settings.LEDSITE.run_dir / "status.json").write_text(json.dumps(state))


@pytest.fixture
def bus() -> Iterator[FrameWriter]:
    """Give a bus in the run folder of the site, beside the status of a director that lives."""
    path = settings.LEDSITE.run_dir / preview.FRAMES_NAME
    write_status()
    with FrameWriter.create(path, width=64, height=32) as writer:
        yield writer
    path.unlink()
    (settings.LEDSITE.run_dir / "status.json").unlink(missing_ok=True)


@pytest.fixture
def viewer(db: None) -> APIClient:
    return client_of(Role.VIEWER)


def test_frame_png_is_the_panel(bus: FrameWriter, viewer: APIClient):
    bus.publish(RED)
    answer = viewer.get("/api/v3/display/frame.png", HTTP_ACCEPT="image/png")
    picture = Image.open(io.BytesIO(answer.content))
    assert (answer.status_code, answer["Content-Type"], picture.size, picture.tobytes()) == (200, "image/png", (64, 32), RED)


def test_a_known_picture_is_not_sent_again(bus: FrameWriter, viewer: APIClient):
    bus.publish(RED)
    tag = viewer.get("/api/v3/display/frame.png")["ETag"]
    bus.publish(RED)
    again = viewer.get("/api/v3/display/frame.png", HTTP_IF_NONE_MATCH=f'"x", W/{tag}')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    bus.publish(GREEN)
    assert viewer.get("/api/v3/display/frame.png", HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_it_scales(bus: FrameWriter, viewer: APIClient):
    bus.publish(RED)
    assert Image.open(io.BytesIO(viewer.get("/api/v3/display/frame.png?scale=8").content)).size == (512, 256)


@pytest.mark.parametrize("scale", ["0", "17", "-1", "x", "", "1e9", "000199", "²"])
def test_a_bad_scale_is_a_problem(bus: FrameWriter, viewer: APIClient, scale: str):
    bus.publish(RED)
    answer = viewer.get("/api/v3/display/frame.png", {"scale": scale})
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (400, "application/problem+json", "bad-scale")


@pytest.mark.parametrize("why", ["no bus", "no frame", "dead director"])
def test_an_old_picture_is_never_shown_as_the_present_one(viewer: APIClient, why: str, request: pytest.FixtureRequest):
    if why != "no bus":
        bus = request.getfixturevalue("bus")
    if why == "dead director":
        bus.publish(RED)
        write_status(beat=time.monotonic() - 10)
    answer = viewer.get("/api/v3/display/frame.png")
    assert (answer.status_code, answer.json()["code"]) == (503, "panel-not-running")


@pytest.mark.parametrize("name", ["frame.png", "stream"])
def test_strangers_see_nothing(db: None, name: str):
    answers = [client.get(f"/api/v3/display/{name}", HTTP_ACCEPT="text/event-stream") for client in (APIClient(), client_of(None))]
    assert [(answer.status_code, answer["Content-Type"]) for answer in answers] == [
        (401, "application/problem+json"),
        (403, "application/problem+json"),
    ]


def test_the_stream_begins_with_state_and_picture(bus: FrameWriter, viewer: APIClient):
    bus.publish(RED, brightness=40)
    answer: Any = viewer.get("/api/v3/display/stream", HTTP_ACCEPT="text/event-stream")
    events = iter(answer.streaming_content)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "text/event-stream", "no-store")
    assert next(events) == b"retry: 500\n\n"
    assert next(events) == b'event: beat\ndata: {"alive":true}\n\n'
    values = json.loads(next(events).split(b"data: ")[1])
    assert (values["number"], values["brightness"], zlib.decompress(base64.b64decode(values["rgb"]))) == (bus.number, 40, RED)
    answer.close()


def test_a_ninth_viewer_gets_a_problem_until_one_leaves(bus: FrameWriter, viewer: APIClient):
    streams: list[Any] = [viewer.get("/api/v3/display/stream") for _ in range(8)]
    ninth = viewer.get("/api/v3/display/stream", HTTP_ACCEPT="text/event-stream")
    assert (ninth.status_code, ninth.json()["code"], ninth["Retry-After"]) == (503, "too-many-viewers", "10")
    streams.pop().close()
    streams.append(viewer.get("/api/v3/display/stream"))
    assert streams[-1].status_code == 200
    for stream in streams:
        stream.close()
