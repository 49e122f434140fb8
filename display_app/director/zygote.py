"""The director's side of the zygote: starts it, asks it for hosts, hears of their ends, and starts it again when it dies."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Callable

from display_app.director.config import DirectorConfig
from display_app.director.process import BackOff, end_process, small_environment, start_module
from display_app.hosting.channel import Channel, Closed
from display_app.hosting.protocol import HostEnded, HostStarted, KillHost, ProtocolProblem, StartHost, ZygoteReady

STOP_SECONDS = 1.2

logger = logging.getLogger(__name__)


class ZygoteClient:
    """One zygote at a time; `on_started`, `on_ended` and `on_lost` hear what happens to hosts."""

    def __init__(
        self,
        config: DirectorConfig,
        *,
        on_started: Callable[[HostStarted], None],
        on_ended: Callable[[HostEnded], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._config = config
        self._on_started, self._on_ended, self._on_lost = on_started, on_ended, on_lost
        self._process: subprocess.Popen[bytes] | None = None
        self._back_off = BackOff()
        self.channel: Channel | None = None
        self.is_ready = False

    @property
    def pid(self) -> int | None:
        """Return its process id, None while there is none."""
        return self._process.pid if self._process else None

    def look_after(self) -> bool:
        """Start a zygote when there is none; True when there is a new channel to listen to."""
        if self._process is not None or not self._back_off.may_start():
            return False
        self.channel, theirs = Channel.pair()
        with theirs:
            fd = theirs.fileno()
            self._process = start_module(
                "display_app.hosting.zygote",
                ["--control", str(fd), "--parent", str(os.getpid())],
                folder=self._config.code_dir,
                environment=small_environment(time_zone=self._config.environment.time_zone),
                fds=[fd],
            )
        self._back_off.started()
        return True

    def listen(self) -> bool:
        """Take in what the zygote says; False when it is gone."""
        assert self.channel is not None
        try:
            while (received := self.channel.receive()) is not None:
                message, _ = received
                if isinstance(message, ZygoteReady):
                    self.is_ready = True
                elif isinstance(message, HostStarted):
                    self._on_started(message)
                elif isinstance(message, HostEnded):
                    self._on_ended(message)
        except (Closed, ProtocolProblem):
            return False
        return True

    def start_host(self, key: int, fds: tuple[int, ...]) -> bool:
        """Ask for a host with its order, control socket, bus, page of beats and log pipe; False when the zygote is not there."""
        if self.channel is None or not self.is_ready:
            return False
        try:
            return self.channel.send(StartHost(key), fds)
        except Closed:
            return False

    def kill_host(self, key: int) -> None:
        """Have a host ended at once."""
        if self.channel is not None:
            try:
                self.channel.send(KillHost(key))
            except Closed:
                return  # then all hosts are ended anyway

    def bury(self) -> None:
        """Note that the zygote is gone, with everything below it."""
        if self._process is not None:
            end_process(self._process, grace=STOP_SECONDS)
            logger.error("The parent of all plugins ended (%s); it is started again", self._process.returncode)
        wait = self._back_off.died()
        logger.info("Starting it in %.1f s", wait)
        self._close()
        self._on_lost()

    def stop(self) -> None:
        """End the zygote and with it every host."""
        if self._process is not None:
            if self.channel is not None:
                self.channel.close()  # it takes the end of the channel for the end of us
            end_process(self._process, grace=STOP_SECONDS)
        self._close()

    def _close(self) -> None:
        if self.channel is not None:
            self.channel.close()
        self._process, self.channel, self.is_ready = None, None, False
