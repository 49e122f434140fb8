"""The warm parent of all hosts: imports what plugins need once, forks a host in milliseconds, reaps, and lets nothing stray survive.

Started as `python -m display_app.hosting.zygote --control FD --parent PID`. It opens no lock, database, log file or connection,
has one thread (checked before every fork), and ends everything below it when the director's end of the socket closes.
"""

from __future__ import annotations

import argparse
import os
import select
import signal
import socket
import sys
import time
import traceback
from dataclasses import fields
from pathlib import Path

from display_app.hosting import kernel
from display_app.hosting.channel import Channel, Closed, close_all
from display_app.hosting.child import Descriptors, run_child
from display_app.hosting.order import EXIT_BROKEN
from display_app.hosting.protocol import HostEnded, HostStarted, KillHost, Message, StartHost, ZygoteReady
from display_app.hosting.strays import bury, children, end_strays
from display_app.hosting.warm import warm_up

SWEEP_SECONDS = 5.0
END_SECONDS = 1.0


class Zygote:
    """Forks hosts on request and reports their ends."""

    def __init__(self, control: Channel) -> None:
        self._control = control
        self._pids: dict[int, int] = {}
        self._is_ending = False
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> None:
        """Serve until the director is gone or a signal asks to end; leave nothing behind."""
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._control.send(ZygoteReady(os.getpid()))
            while not self._is_ending:
                select.select([self._control.fileno(), self._wake_read], [], [], SWEEP_SECONDS)
                self._empty_wake_pipe()
                self._serve()
                self._reap()
        except Closed:
            pass
        finally:
            self._end_everything()

    def _end(self, *_: object) -> None:
        self._is_ending = True

    def _empty_wake_pipe(self) -> None:
        try:
            os.read(self._wake_read, 4096)
        except BlockingIOError:
            return

    def _serve(self) -> None:
        while (received := self._control.receive()) is not None:
            message, fds = received
            try:
                self._obey(message, fds)
            finally:
                close_all(fds)

    def _obey(self, message: Message, fds: list[int]) -> None:
        if isinstance(message, StartHost) and len(fds) == len(fields(Descriptors)):
            self._fork(message.key, Descriptors(*fds))
        elif isinstance(message, KillHost) and message.key in self._pids:
            _kill_group(self._pids[message.key])

    def _fork(self, key: int, descriptors: Descriptors) -> None:
        threads = list(Path("/proc/self/task").iterdir())
        assert len(threads) == 1, f"the zygote has {len(threads)} threads"
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _become_host(descriptors, parent=parent)
        self._pids[key] = pid
        self._control.send(HostStarted(key, pid))

    def _reap(self) -> None:
        """Report hosts that ended; end and bury what they left behind."""
        for key, pid in list(self._pids.items()):
            ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                continue
            _kill_group(pid)  # the leader is not yet reaped, so its group cannot be another's
            _, status = os.waitpid(pid, 0)
            del self._pids[key]
            code = os.waitstatus_to_exitcode(status)
            self._control.send(HostEnded(key, max(code, 0), max(-code, 0)))
        end_strays(kept=set(self._pids.values()))

    def _end_everything(self) -> None:
        deadline = time.monotonic() + END_SECONDS
        for pid in self._pids.values():
            _kill_group(pid)
        while time.monotonic() < deadline and (left := children()):
            for pid in left:
                bury(pid)
            time.sleep(0.005)


def _become_host(descriptors: Descriptors, *, parent: int) -> None:
    code = EXIT_BROKEN
    try:
        code = run_child(descriptors, parent=parent)
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it has not become a group's leader yet, or is gone


def main() -> None:
    """Start the zygote on an inherited socket."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    options = parser.parse_args()
    kernel.die_with_parent(signal.SIGTERM, parent=options.parent)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    warm_up()
    control = socket.socket(fileno=options.control)
    control.set_inheritable(False)
    Zygote(Channel(control)).run()


if __name__ == "__main__":
    main()
