"""Frames as bytes for browsers: PNG, whole and scaled, and server-sent events; all from the frame alone, without Pillow."""

from __future__ import annotations

import base64
import json
import struct
import zlib

from display_app.frames.bus import Frame

MAX_SCALE = 16
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB_8_BIT = (8, 2, 0, 0, 0)


def encode_png(frame: Frame, *, scale: int = 1) -> bytes:
    """Return a PNG in which every pixel of the frame is a square of `scale` pixels; brightness is not applied."""
    if not 1 <= scale <= MAX_SCALE:
        raise ValueError(f"scale {scale} is not between 1 and {MAX_SCALE}")
    header = struct.pack(">II5B", frame.width * scale, frame.height * scale, *_RGB_8_BIT)
    rows = b"".join(_row(frame, number, scale) for number in range(frame.height))
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")


def png_etag(frame: Frame, *, scale: int = 1) -> str:
    """Return a strong entity tag: the same for the same pixels and scale, whatever else was shown in between."""
    return f'"{zlib.crc32(frame.rgb):08x}-{frame.width}x{frame.height}-{scale}"'


def encode_frame_event(frame: Frame) -> bytes:
    """Return the event `frame`: JSON with number, width, height, brightness and `rgb`, the pixels deflated (zlib) in base64."""
    packed = base64.b64encode(zlib.compress(frame.rgb, 1)).decode("ascii")
    return encode_event(
        "frame", {"number": frame.number, "width": frame.width, "height": frame.height, "brightness": frame.brightness, "rgb": packed}
    )


def encode_event(name: str, data: object) -> bytes:
    """Return one server-sent event with a line of JSON."""
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def _row(frame: Frame, number: int, scale: int) -> bytes:
    start = number * frame.width * 3
    row = frame.rgb[start : start + frame.width * 3]
    if scale > 1:
        row = b"".join(row[at : at + 3] * scale for at in range(0, len(row), 3))
    return (b"\0" + row) * scale


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
