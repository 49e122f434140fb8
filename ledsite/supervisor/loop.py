"""The supervisor's loop: one thread that sleeps until a signal, a line of output, a planned restart or the next look for silent ones."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ledsite.supervisor.backoff import next_delay, recent
from ledsite.supervisor.child import Child, Spec
from ledsite.supervisor.console import Console

STAGE_SECONDS = (2.5, 1.8)
LOOK_SECONDS = 5.0
LAST_SECONDS = 0.3  # what a killed process gets to be gone; one that hangs in the kernel is not waited for
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class _Output:
    """The pipe of one process and what of a line has come so far."""

    child: Child
    rest: bytes = b""


class Supervisor:
    """Keeps children running until the first stop signal, then stops them stage by stage; a second signal kills."""

    def __init__(self, specs: Iterable[Spec], *, console: Console, on_change: Callable[[list[Child]], None]) -> None:
        self.children = [Child(spec) for spec in specs]
        self._console = console
        self._on_change = on_change
        self._selector = selectors.DefaultSelector()
        self._stage: int | None = None
        self._stage_ends = 0.0
        self._stage_killed = False
        self._look_at = 0.0

    def run(self) -> None:
        """Supervise until everything has been stopped."""
        signals = self._listen_to_signals()
        while self._stage is None or self._stage < len(STAGE_SECONDS):
            self._start_what_is_due()
            self._advance_stop()
            self._end_what_is_stuck()
            for key, _ in self._selector.select(self._seconds_to_next_deadline()):
                if key.fileobj is signals:
                    self._take_signals(signals.recv(4096))
                else:
                    self._read_output(int(key.fd), key.data)
            self._reap()
        self._drain_output()

    def _listen_to_signals(self) -> socket.socket:
        reader, writer = socket.socketpair()
        reader.setblocking(False)
        writer.setblocking(False)
        self._signal_writer = writer
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        for number in (*STOP_SIGNALS, signal.SIGCHLD):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays nohup
                signal.signal(number, _do_nothing)
        self._selector.register(reader, selectors.EVENT_READ)
        return reader

    def _start_what_is_due(self) -> None:
        for child in self.children:
            if self._stage is None and child.state == "waiting" and child.due <= time.monotonic():
                self._start(child)

    def _start(self, child: Child) -> None:
        try:
            descriptor = child.start()
        except OSError as error:
            self._has_failed(child, f"could not be started: {error}")
        else:
            self._selector.register(descriptor, selectors.EVENT_READ, _Output(child))
        self._on_change(self.children)

    def _end_what_is_stuck(self) -> None:
        """Kill what is there and does nothing; it is started again like one that crashed."""
        now = time.monotonic()
        if self._stage is not None or now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        for child in self.children:
            if child.is_stuck():
                self._console.say(f"{child.spec.name} has fallen silent: killed.")
                child.end_family()

    def _seconds_to_next_deadline(self) -> float | None:
        now = time.monotonic()
        if self._stage is not None:
            return max(0.0, self._stage_ends - now) if self._running_in_stage() else 0.0
        due = [child.due for child in self.children if child.state == "waiting"]
        if any(child.spec.is_silent for child in self.children):
            due.append(self._look_at)
        return max(0.0, min(due) - now) if due else None

    def _take_signals(self, numbers: bytes) -> None:
        for number in numbers:
            if number not in STOP_SIGNALS:
                continue
            if self._stage is None:
                self._console.say("Stopping; once more to stop at once.")
                self._enter_stage(0)
            else:
                self._kill(self.children)

    def _enter_stage(self, stage: int) -> None:
        self._stage, self._stage_killed = stage, False
        if stage >= len(STAGE_SECONDS):
            return
        self._stage_ends = time.monotonic() + STAGE_SECONDS[stage]
        for child in self._running_in_stage():
            child.send(signal.SIGTERM)

    def _advance_stop(self) -> None:
        """Go on to the next stage when this one's processes have ended; kill those that take too long."""
        while self._stage is not None and self._stage < len(STAGE_SECONDS):
            running = self._running_in_stage()
            if running and time.monotonic() < self._stage_ends:
                return
            if running and not self._stage_killed:
                self._console.say(f"{', '.join(child.spec.name for child in running)} did not stop in time: killed.")
                self._kill(running)
                self._stage_killed, self._stage_ends = True, time.monotonic() + LAST_SECONDS
                return
            self._enter_stage(self._stage + 1)

    def _running_in_stage(self) -> list[Child]:
        return [child for child in self.children if child.pid and child.spec.stage == self._stage]

    def _kill(self, children: Iterable[Child]) -> None:
        for child in children:
            child.end_family()

    def _reap(self) -> None:
        """Collect every process that ended, orphans that came to us as PID 1 included; a child's family ends with it."""
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | os.WNOHANG)
            except ChildProcessError:
                return
            if ended is None:
                return
            child = next((child for child in self.children if child.pid == ended.si_pid), None)
            if child:
                child.end_family()
            os.waitpid(ended.si_pid, 0)
            if child:
                self._has_ended(child, status=ended.si_status, by_signal=ended.si_code != os.CLD_EXITED)

    def _has_ended(self, child: Child, *, status: int, by_signal: bool) -> None:
        child.pid = None
        if self._stage is None:
            self._has_failed(child, f"was ended by signal {status}" if by_signal else f"ended with code {status}")
        else:
            child.state, child.problem = "stopped", ""
        self._on_change(self.children)

    def _has_failed(self, child: Child, how: str) -> None:
        now = time.monotonic()
        child.failures = [*recent(child.failures, now=now), now]
        delay = next_delay(child.failures, now=now)
        child.problem = f"{child.spec.name} {how}"
        if delay is None:
            child.state = "given-up"
            self._console.say(
                f"{child.problem}; that was the fifth failure within a minute, so it stays stopped. "
                f"See logs/{child.spec.name}.log, then start again."
            )
        else:
            child.state, child.due, child.restarts = "waiting", now + delay, child.restarts + 1
            self._console.say(f"{child.problem}; it is started again.")

    def _read_output(self, descriptor: int, output: _Output) -> None:
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return
        if not data:
            self._selector.unregister(descriptor)
            os.close(descriptor)
        *lines, output.rest = (output.rest + data).split(b"\n")
        if output.rest and (not data or len(output.rest) > 65536):
            lines.append(output.rest)
            output.rest = b""
        for line in lines:
            self._console.pass_on(output.child.spec.name, line.decode(errors="replace"))

    def _drain_output(self) -> None:
        for key in list(self._selector.get_map().values()):
            if isinstance(key.data, _Output):
                self._read_output(int(key.fd), key.data)


def _do_nothing(number: int, frame: object) -> None:
    """Let the wake-up descriptor tell; a handler must exist for it to be written."""
