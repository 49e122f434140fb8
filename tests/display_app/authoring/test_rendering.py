"""Reports of an actor are data of a stranger."""

from __future__ import annotations

import base64
import zlib

import pytest

from display_app.authoring.rendering import MOST_MODES, Rendering


def frame(rgb: bytes) -> dict[str, object]:
    return {"step": "frame", "mode": "m", "at": 0.5, "rgb": base64.b64encode(zlib.compress(rgb)).decode()}


def test_a_frame_of_the_right_size_becomes_a_shot():
    rendering = Rendering(2, 1, 1.0)
    rendering.take(frame(b"\x01\x02\x03\x00\x00\x00"))
    shot = rendering.modes["m"].shots[0]
    assert (shot.at, shot.image.getpixel((0, 0))) == (0.5, (1, 2, 3))
    assert rendering.modes["m"].is_lit


@pytest.mark.parametrize(
    "report",
    [
        frame(bytes(5)),
        frame(bytes(50_000_000)),
        frame(bytes(6)) | {"rgb": "not base64"},
        frame(bytes(6)) | {"rgb": None},
        frame(bytes(6)) | {"mode": 7},
        {"step": "mode"},
        {"step": "modes", "modes": 3},
        {"step": "mode", "mode": "m", "texts": [1, {"text": 4}], "drawn": "x", "slowest": -1},
        {"step": "updated", "problem": 1, "seconds": True},
        {"step": "nonsense"},
        {"step": "failed"},
    ],
)
def test_what_cannot_be_is_left_out(report):
    rendering = Rendering(2, 1, 1.0)
    rendering.take(report)
    assert [shot for mode in rendering.modes.values() for shot in mode.shots] == []
    assert not rendering.is_complete


def test_there_are_not_more_modes_than_can_be_true():
    rendering = Rendering(1, 1, 1.0)
    for number in range(MOST_MODES + 5):
        rendering.take({"step": "mode", "mode": f"m{number}"})
    assert len(rendering.modes) == MOST_MODES
