"""Pictures to upload: of one colour, animated, and such as nobody should accept."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

Colour = tuple[int, int, int]


def picture(kind: str = "PNG", *, colour: Colour = (200, 10, 20), size: tuple[int, int] = (16, 8), frames: int = 1) -> bytes:
    """Return a picture of one colour; of several frames, each a little darker."""
    images = [Image.new("RGB", size, tuple(max(0, part - number) for part in colour)) for number in range(frames)]
    made = BytesIO()
    images[0].save(made, kind, **({"save_all": True, "append_images": images[1:]} if frames > 1 else {}))
    return made.getvalue()


def bomb(side: int = 20_000) -> bytes:
    """Return a PNG of a few kilobytes that says it has `side` by `side` pixels."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000, 9)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + body
