"""What every plugin has for the ticker: asks hosts, reads what they wrote into memory of bounded size, and trusts none of it.

A host gets a memory file that can neither grow nor shrink, fills it in its own time, and says how wide its picture is. Nothing here waits:
a host that never answers only keeps its older picture, and then none.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from itertools import count

from PIL import Image

from display_app.director.handle import HostHandle
from display_app.hosting.protocol import Collect, Content
from display_app.rotation.ticker import MOST_WEIGHT, STATIC, WAYS, TickerSettings

MOST_BYTES = 1 << 20
ANSWER_SECONDS = 5.0
JUNK = "What it sent for the ticker is no picture of the panel's height."
SILENT = f"It did not give its pictures for the ticker within {ANSWER_SECONDS:.0f} seconds."


@dataclass(slots=True)
class Held:
    """The last picture of one plugin, and how the last question went."""

    picture: Image.Image | None = None
    way: str = ""
    weight: int = 0
    reason: str = ""
    number: int = 0
    fd: int = -1
    asked_at: float = 0.0
    was_answered: bool = False

    @property
    def is_asked(self) -> bool:
        """Tell whether an answer is awaited."""
        return self.fd >= 0

    def stop_asking(self) -> None:
        """Let the memory of the question go: a later answer is nobody's."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


class Contents:
    """What is held of each plugin."""

    def __init__(self, *, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._held: dict[str, Held] = {}
        self._numbers = count(1)

    def of(self, plugin_id: str) -> Held:
        """Return what is held of a plugin."""
        return self._held.setdefault(plugin_id, Held())

    def asked(self, *, now: float) -> int:
        """Return how many answers may come any moment; a host that is slow must not keep others from being asked."""
        return sum(held.is_asked and now - held.asked_at < ANSWER_SECONDS for held in self._held.values())

    def ask(self, handle: HostHandle, settings: TickerSettings, *, now: float) -> None:
        """Ask a host for its pictures."""
        held = self.of(handle.plugin_id)
        held.stop_asking()
        held.number, held.asked_at, held.fd = next(self._numbers), now, _sealed_memory()
        way = settings.part_of(handle.plugin_id).way
        handle.collect(
            Collect(held.number, way, settings.item_gap, settings.width_percent, settings.trim, self._width),
            held.fd,
        )

    def hear(self, plugin_id: str, message: Content) -> Held | None:
        """Take an answer in; None when it answers nothing that is still asked."""
        held = self.of(plugin_id)
        if not held.is_asked or message.number != held.number:
            return None
        held.picture, held.way, held.weight, held.reason = None, message.way, message.weight, message.reason
        if message.width:
            held.picture = self._read(message, held.fd)
            held.reason = "" if held.picture else JUNK
        held.was_answered = True
        held.stop_asking()
        return held

    def outdate(self, plugin_id: str, *, is_useless: bool) -> None:
        """Have a plugin asked again soon; a picture that is useless is not shown until then."""
        held = self.of(plugin_id)
        held.asked_at = 0.0
        if is_useless:
            held.picture, held.was_answered = None, False
            held.stop_asking()

    def give_up(self, plugin_id: str, *, now: float) -> bool:
        """Drop the picture of a plugin that has not answered for long; True when it was dropped now."""
        held = self.of(plugin_id)
        if not held.is_asked or now - held.asked_at < ANSWER_SECONDS or held.reason == SILENT:
            return False
        held.picture, held.reason, held.was_answered = None, SILENT, True
        return True

    def forget_all_but(self, plugin_ids: set[str]) -> list[str]:
        """Forget plugins that take part no longer, and return them."""
        gone = [plugin_id for plugin_id in self._held if plugin_id not in plugin_ids]
        for plugin_id in gone:
            self._held.pop(plugin_id).stop_asking()
        return gone

    def _read(self, message: Content, fd: int) -> Image.Image | None:
        length = message.width * self._height * 3
        is_sound = message.width > 0 and length <= MOST_BYTES and message.way in WAYS and 0 <= message.weight <= MOST_WEIGHT
        if not is_sound or (message.way == STATIC and message.width != self._width):
            return None
        data = os.pread(fd, length, 0)
        return Image.frombytes("RGB", (message.width, self._height), data) if len(data) == length else None


def _sealed_memory() -> int:
    fd = os.memfd_create("ticker", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, MOST_BYTES)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return fd
