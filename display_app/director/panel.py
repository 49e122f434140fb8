"""The panel's own bus: takes the frame that is chosen, leaves out what is there already, wakes the driver, counts."""

from __future__ import annotations

import socket
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from display_app.frames.bus import FrameWriter
from display_app.output.state import FRAMES_NAME, SOCKET_NAME
from display_app.rotation.transitions import FRAME_SECONDS, MIXES, blend

FPS_SECONDS = 1.0


@dataclass(frozen=True)
class _Change:
    """A transition under way, from the picture `old`."""

    kind: str
    old: bytes
    began_at: float
    seconds: float


class Panel:
    """What the driver shows."""

    def __init__(self, run_dir: Path, *, width: int, height: int) -> None:
        self.size = (width, height)
        self._black = bytes(width * height * 3)
        self._bus = FrameWriter.create(run_dir / FRAMES_NAME, width=width, height=height)
        self._driver = str(run_dir / SOCKET_NAME)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._rgb = self._black
        self._published: tuple[bytes, int] | None = None
        self._times: deque[float] = deque(maxlen=240)
        self._brightness = 100
        self._power = True
        self._change: _Change | None = None
        self._step_at = 0.0

    def put(self, rgb: bytes) -> None:
        """Show a picture (of the panel's size; anything else is ignored)."""
        if len(rgb) == len(self._black):
            self._rgb = rgb
            if self._change is None:
                self._publish()

    def begin_transition(self, kind: str, seconds: float) -> None:
        """Let what the panel shows become what is put from now on, which may move meanwhile."""
        if kind in MIXES and self._power and self._published is not None:
            now = time.monotonic()
            self._change = _Change(kind, self._published[0], now, seconds)
            self._step_at = now

    def animate(self) -> None:
        """Show the next step of a transition when it is time."""
        now = time.monotonic()
        if self._change is None or now < self._step_at:
            return
        self._step_at = max(self._step_at + FRAME_SECONDS, now)
        if now >= self._change.began_at + self._change.seconds:
            self._change = None
        self._publish()

    def due_in(self, now: float) -> float:
        """Return the seconds until the next step of a transition."""
        return float("inf") if self._change is None else max(0.0, self._step_at - now)

    def set_light(self, *, power: bool, brightness: int) -> None:
        """Change brightness, or switch the panel off: it goes black and keeps its picture for later."""
        self._power, self._brightness = power, brightness
        if not power:
            self._change = None
        self._publish()

    def set_hardware_generation(self, generation: int) -> None:
        """Have the driver open the hardware anew."""
        self._bus.set_hardware_generation(generation)
        self._wake_driver()

    def fps(self) -> float:
        """Return how many frames the panel got in the last second."""
        since = time.monotonic() - FPS_SECONDS
        return float(sum(1 for at in self._times if at > since))

    def is_black(self) -> bool:
        """Tell whether the present picture has no lit pixel."""
        return self._rgb == self._black

    def close(self) -> None:
        """Let the bus go; its last picture stays readable."""
        self._socket.close()
        self._bus.close()

    def _publish(self) -> None:
        picture = (self._picture() if self._power else self._black, self._brightness)
        if picture == self._published:
            return
        self._bus.publish(picture[0], brightness=picture[1])
        self._published = picture
        self._times.append(time.monotonic())
        self._wake_driver()

    def _picture(self) -> bytes:
        change = self._change
        if change is None:
            return self._rgb
        progress = (time.monotonic() - change.began_at) / change.seconds
        return blend(change.kind, change.old, self._rgb, progress=progress, size=self.size)

    def _wake_driver(self) -> None:
        try:
            self._socket.sendto(b"look", self._driver)
        except OSError:  # no driver, or one that is behind: it looks by itself
            return
