"""All hosts: starts the ones that are wanted, stops the others, keeps them within their limits, and counts what they do wrong."""

from __future__ import annotations

import logging
import os
import select
import selectors
import signal
import time
from collections.abc import Callable
from functools import partial
from itertools import count

from display_app.director.config import DirectorConfig
from display_app.director.handle import HostHandle
from display_app.director.health import HealthBook
from display_app.director.isolation import hand_over
from display_app.director.rows import Startable, Wanted
from display_app.director.zygote import ZygoteClient
from display_app.frames.bus import FrameReader, create_bus_file
from display_app.hosting.channel import Channel, Closed, close_all, memory_file
from display_app.hosting.heartbeat import BeatReader, make_page
from display_app.hosting.limits import MIB, Limits
from display_app.hosting.logs import OutputLog
from display_app.hosting.order import EXIT_BEING_PLACED, EXIT_OUT_OF_MEMORY, EXIT_TOO_MANY_THREADS, Confinement, StartOrder
from display_app.hosting.protocol import HostEnded, HostStarted, Message, ProtocolProblem, Published
from display_app.hosting.watchdog import broken_limit, is_update_overdue
from display_app.rotation.durations import Durations
from display_app.runtime.spec import HostSpec

BEING_PLACED_SECONDS = 0.3
STARTS_AT_ONCE = 4
START_COUNTS_SECONDS = 5.0
MEASURE_PARTS = 10
PAUSE_SECONDS = 5.0  # limits are kept twice a second
CRASHES: dict[int, str] = {
    signal.SIGSEGV: "it touched memory that is not its own",
    signal.SIGBUS: "it touched memory that is not there",
    signal.SIGABRT: "a library in it gave up",
    signal.SIGILL: "it ran something that this processor does not know",
    signal.SIGFPE: "it divided by zero in native code",
    signal.SIGSYS: "it used a system call that is not allowed",
    signal.SIGTERM: "it was asked to end from outside",
}
MESSAGES_AT_ONCE, LAST_MESSAGES = 50, 2000

logger = logging.getLogger(__name__)

OnMessage = Callable[[HostHandle, Message], None]


class Hosts:
    """The table of hosts by plugin; `on_message` hears what they say, `on_gone` that one can draw no longer."""

    def __init__(
        self,
        config: DirectorConfig,
        selector: selectors.BaseSelector,
        health: HealthBook,
        *,
        on_message: OnMessage,
        on_gone: Callable[[str], None],
    ) -> None:
        self._config = config
        self._selector = selector
        self._health = health
        self._on_message, self._on_gone = on_message, on_gone
        self._keys = count(1)
        self._kept_at = time.monotonic()
        self._measured = 0
        self._logs = select.epoll()  # not among what wakes the director: it takes a bounded piece of a flood at each look
        self._by_key: dict[int, HostHandle] = {}
        self._by_log: dict[int, HostHandle] = {}
        self.by_plugin: dict[str, HostHandle] = {}
        self.confinement = Confinement()
        self.limits = Limits()
        self.durations = Durations()
        self.zygote: ZygoteClient | None = None

    def start(self, wanted: Wanted, startable: Startable, *, brightness: int) -> None:
        """Start the host of one plugin; when that cannot be done now, the next look at the rows tries again."""
        if self.zygote is None or not self.has_room():
            return
        spec = self._spec(wanted, startable, brightness=brightness)
        for folder in (spec.cache_dir, spec.folder):
            hand_over(folder, self.confinement)
        order = StartOrder(
            spec=spec,
            live_lock=str(self._config.paths.live_lock(wanted.plugin_id)),
            confinement=self.confinement,
            memory_bytes=self.limits.hard_memory_bytes,
            threads=self.limits.threads,
        )
        handle, fds = self._prepare(wanted, order)
        started = self.zygote.start_host(handle.key, fds)
        close_all(fds)
        if not started:
            handle.close()
            return
        self._by_key[handle.key] = self._by_log[handle.log_fd] = self.by_plugin[wanted.plugin_id] = handle
        self._logs.register(handle.log_fd, select.EPOLLIN)
        self._selector.register(handle.channel, selectors.EVENT_READ, partial(self._listen, handle))

    def has_room(self) -> bool:
        """Tell whether another host can be started now."""
        return self.zygote is not None and self.zygote.is_ready and self._starting() < STARTS_AT_ONCE

    def stop(self, plugin_id: str) -> None:
        """Stop one host; it is off the panel at once."""
        handle = self.by_plugin.get(plugin_id)
        if handle is not None and handle.stop_by is None:
            handle.ask_to_stop(by=time.monotonic() + self.limits.stop_seconds)
            self._on_gone(plugin_id)

    def kill(self, handle: HostHandle, reason: str) -> None:
        """End a host that broke a limit; `reason` ends a sentence that begins with "because"."""
        if handle.death_reason is None and self.zygote is not None:
            handle.death_reason = reason
            handle.was_overdue = is_update_overdue(handle.vitals, self.limits, now=time.monotonic())
            logger.warning("%s is ended because %s", handle.plugin_id, reason)
            self.zygote.kill_host(handle.key)
            self._on_gone(handle.plugin_id)

    def note_turn(self, plugin_id: str, *, had_picture: bool, seconds: float = 0.0) -> None:
        """Have a turn counted that a plugin had, or missed."""
        handle = self.by_plugin.get(plugin_id)
        if handle is not None:
            self._health.turn(handle.wanted, had_picture=had_picture, seconds=seconds)

    def keep_limits(self) -> None:
        """Look for beats; end hosts that hang, and those that did not stop when they were asked to."""
        now = time.monotonic()
        self._excuse_our_pause(now)
        for handle in list(self._by_key.values()):
            handle.look_for_beat(now=now)
            if handle.stop_by is not None:
                if now >= handle.stop_by and self.zygote is not None:
                    self.zygote.kill_host(handle.key)
            elif (reason := broken_limit(handle.vitals, self.limits, now=now)) is not None:
                self.kill(handle, reason)

    def _excuse_our_pause(self, now: float) -> None:
        """Hold it against nobody when it was the director that stood still."""
        pause, self._kept_at = now - self._kept_at, now
        if pause > PAUSE_SECONDS:
            for handle in self._by_key.values():
                handle.excuse(pause)

    def drain_logs(self) -> None:
        """Take a bounded piece of what plugins have printed, and have it written down."""
        for fd, _ in self._logs.poll(0):
            log = self._by_log[fd].log
            if not log.drain(fd):
                self._logs.unregister(fd)  # nobody is left who could print
            self._health.keep_log(log)

    def measure_some(self) -> None:
        """Measure some hosts, a part in turn: reading their memory takes a moment, and each is due every ten calls."""
        self._measured += 1
        handles = [handle for handle in self._by_key.values() if handle.pid is not None]
        for handle in handles[self._measured % MEASURE_PARTS :: MEASURE_PARTS]:
            handle.measure(allowed_bytes=self.limits.memory_mb * MIB)

    def all(self) -> list[HostHandle]:
        """Return every host that has not been reaped."""
        return list(self._by_key.values())

    # -- what the zygote says

    def note_started(self, message: HostStarted) -> None:
        """Note the process id of a host."""
        if message.key in self._by_key:
            self._by_key[message.key].pid = message.pid

    def note_ended(self, message: HostEnded) -> None:
        """Bury a host, and judge how it ended."""
        handle = self._by_key.get(message.key)
        if handle is None:
            return
        self._listen(handle, is_last=True)  # its last words come before its end
        was_stopped = handle.stop_by is not None
        self._remove(handle)
        if was_stopped or handle.failed_to_load:
            return
        if message.exit_code == EXIT_BEING_PLACED:
            self._health.postpone(handle.plugin_id, BEING_PLACED_SECONDS)
            return
        self._health.strike(handle.wanted, handle.death_reason or _ending(message, self.limits), is_overdue=handle.was_overdue)

    def note_zygote_lost(self) -> None:
        """All hosts died with the zygote, without a fault of theirs."""
        for handle in list(self._by_key.values()):
            self._remove(handle)

    # -- inside

    def _starting(self) -> int:
        now = time.monotonic()
        young = (now - handle.vitals.started_at < START_COUNTS_SECONDS for handle in self._by_key.values() if not handle.vitals.is_loaded)
        return sum(young)

    def _spec(self, wanted: Wanted, startable: Startable, *, brightness: int) -> HostSpec:
        manifest = startable.manifest
        return HostSpec(
            plugin_id=wanted.plugin_id,
            folder=self._config.paths.live(wanted.plugin_id),
            root=self._config.paths.root,
            entry_point=str(manifest.get("entry_point") or "manager.py"),
            class_name=str(manifest.get("class_name") or ""),
            manifest=manifest,
            config=startable.settings,
            width=self._config.width,
            height=self._config.height,
            cache_dir=self._config.cache_dir(wanted.plugin_id),
            global_config=self._config.global_config(
                brightness=brightness,
                durations=self.durations.by_plugin.get(wanted.plugin_id, {}),
                longest=self.durations.longest,
                location=startable.location,
            ),
            generation=wanted.generation,
        )

    def _prepare(self, wanted: Wanted, order: StartOrder) -> tuple[HostHandle, tuple[int, ...]]:
        path = self._config.run_dir / "hosts" / f"{wanted.plugin_id}.frames"
        bus = create_bus_file(path, width=self._config.width, height=self._config.height)
        channel, theirs = Channel.pair()
        log_read, log_write = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(log_read, False)
        beats, log = make_page(), OutputLog(self._config.log_file(wanted.plugin_id))
        handle = HostHandle(
            next(self._keys), wanted, channel=channel, reader=FrameReader(path), beats=BeatReader(beats), log_fd=log_read, log=log
        )
        return handle, (memory_file("order", order.to_bytes()), theirs.detach(), bus, beats, log_write)

    def _listen(self, handle: HostHandle, *, is_last: bool = False) -> None:
        if handle.key not in self._by_key:
            return  # it was buried in this same round of events
        try:
            for _ in range(LAST_MESSAGES if is_last else MESSAGES_AT_ONCE):  # what is left waits: a flood must not hold the loop
                if (received := handle.channel.receive()) is None:
                    return
                message, fds = received
                close_all(fds)
                if isinstance(message, Published):
                    self._on_message(handle, message)
                    if message is handle.published and not is_last:
                        return  # one of many frames: nothing follows as a rule, and to ask whether is as dear as the next round
                    handle.published = message
                elif handle.talk.has_room(now=time.monotonic()):
                    self._on_message(handle, message)
                else:
                    self.kill(handle, "it flooded the panel with messages.")
        except Closed:
            self._unregister(handle)
        except ProtocolProblem as problem:
            self.kill(handle, f"it sent nonsense to the panel ({problem}).")

    def _unregister(self, handle: HostHandle) -> None:
        if handle.channel.fileno() in self._selector.get_map():
            self._selector.unregister(handle.channel)

    def _remove(self, handle: HostHandle) -> None:
        handle.log.drain(handle.log_fd)
        self._health.keep_log(handle.log)
        self._unregister(handle)
        del self._by_key[handle.key], self._by_log[handle.log_fd]
        handle.close()
        if self.by_plugin.get(handle.plugin_id) is handle:
            del self.by_plugin[handle.plugin_id]
        self._on_gone(handle.plugin_id)


def _ending(message: HostEnded, limits: Limits) -> str:
    if message.exit_code == EXIT_OUT_OF_MEMORY:
        return f"it wanted much more memory than the {limits.memory_mb} MB that are allowed."
    if message.exit_code == EXIT_TOO_MANY_THREADS:
        return f"it ran too many threads ({limits.threads} are allowed)."
    if message.signal == signal.SIGKILL:
        return "it was killed from outside (SIGKILL; the system does that when memory runs out)."
    if message.signal:
        name = signal.Signals(message.signal).name if message.signal in signal.valid_signals() else str(message.signal)
        return f"it crashed: {CRASHES.get(message.signal, 'a signal ended it')} ({name})."
    return f"it ended itself (exit code {message.exit_code})."
