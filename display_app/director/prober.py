"""Tests the isolation of hosts at start: a probe host tries to break out, and only what it could not do is claimed."""

from __future__ import annotations

import logging
import os
import selectors
import time

from display_app.director.config import DirectorConfig
from display_app.director.isolation import choose_confinement, probe_order
from display_app.director.zygote import ZygoteClient
from display_app.hosting.channel import Channel, Closed, close_all, memory_file
from display_app.hosting.isolation import Isolation, judge
from display_app.hosting.protocol import HostEnded, ProbeResult, ProtocolProblem

PROBE_KEY = 0
PROBE_SECONDS = 10.0

logger = logging.getLogger(__name__)


class Prober:
    """One probe per director; until it is done nothing is claimed."""

    def __init__(self, config: DirectorConfig, selector: selectors.BaseSelector, zygote: ZygoteClient) -> None:
        self.confinement = choose_confinement(config)
        self._config = config
        self._selector = selector
        self._zygote = zygote
        self._channel: Channel | None = None
        self._began = 0.0
        self._verdict: Isolation | None = None

    def begin(self) -> None:
        """Send the probe host off, unless there is a verdict already."""
        if self._verdict is not None or self._channel is not None:
            return
        self._channel, theirs = Channel.pair()
        bus, beats = (os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC) for _ in range(2))
        pids = [pid for pid in (os.getpid(), os.getppid(), self._zygote.pid) if pid]
        order = memory_file("order", probe_order(self._config, self.confinement, pids=pids).to_bytes())
        fds = (order, theirs.detach(), bus, beats, os.dup(2))
        self._zygote.start_host(PROBE_KEY, fds)
        close_all(fds)
        self._began = time.monotonic()
        self._selector.register(self._channel, selectors.EVENT_READ, self._listen)

    def look_after(self) -> None:
        """Give a probe up that does not answer."""
        if self._channel is not None and time.monotonic() - self._began > PROBE_SECONDS:
            self._finish(None)

    def note_ended(self, message: HostEnded) -> bool:
        """Tell whether the host that ended was the probe."""
        if message.key != PROBE_KEY:
            return False
        self._listen()
        return True

    def report(self) -> dict[str, object] | None:
        """Return `{level, text}` for `status.json`, None until it is known."""
        return {"level": self._verdict.level, "text": self._verdict.text} if self._verdict else None

    def _listen(self) -> None:
        if self._channel is None:
            return
        try:
            received = self._channel.receive()
        except (Closed, ProtocolProblem):
            self._finish(None)
            return
        if received is not None and isinstance(received[0], ProbeResult):
            self._finish(received[0])

    def _finish(self, result: ProbeResult | None) -> None:
        if self._channel is not None:
            self._selector.unregister(self._channel)
            self._channel.close()
            self._channel = None
        succeeded = result.succeeded if result else ()
        self._verdict = judge(own_uid=os.geteuid(), probe_uid=result.uid if result else None, succeeded=succeeded)
        log = logger.warning if self._verdict.level == 0 else logger.info
        log("Isolation level %d: %s", self._verdict.level, self._verdict.text)
        if succeeded:
            logger.info("The probe host could: %s", ", ".join(succeeded))
