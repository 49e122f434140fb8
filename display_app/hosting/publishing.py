"""A host's finished frames on their way out: onto its bus, with a word to the director while it has the panel."""

from __future__ import annotations

from PIL import Image

from display_app.frames.bus import FrameWriter
from display_app.hosting.channel import Channel
from display_app.hosting.protocol import Published, encode


class FramePublisher:
    """Publishes what differs from the frame before; the plugin's session calls it from any thread, one at a time."""

    def __init__(self, bus: FrameWriter, control: Channel) -> None:
        self.frames = 0
        self._bus = bus
        self._control = control
        self._packet: bytes | None = None
        self._last: bytes | None = None

    def begin(self, turn: int, *, fresh: bool) -> None:
        """Tell the director of every frame from now on, as part of `turn`; a fresh turn publishes its first one in any case."""
        if fresh:
            self._last = None
        self._packet = encode(Published(turn))

    def end(self) -> None:
        """Go on publishing, but without a word."""
        self._packet = None

    def __call__(self, image: Image.Image) -> None:
        """Publish one picture of exactly the panel's size."""
        rgb = image.tobytes()
        if rgb == self._last:
            return
        self._bus.publish(rgb)
        self._last = rgb
        self.frames += 1
        if self._packet is not None:
            self._control.offer(self._packet)
