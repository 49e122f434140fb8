"""What a fresh host does between the zygote's fork and its main loop: shed everything that is the zygote's, then be confined."""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import random
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from display_app.hosting.channel import Channel, Closed, read_memory_file
from display_app.hosting.confinement import confine
from display_app.hosting.heartbeat import BeatWriter
from display_app.hosting.host import Host
from display_app.hosting.isolation import attempt_break_out
from display_app.hosting.order import EXIT_BEING_PLACED, EXIT_FAILED_TO_LOAD, StartOrder
from display_app.hosting.protocol import ProbeResult
from plugins_app.package.livelock import Held, share_live_lock

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Descriptors:
    """What the zygote hands to a host, in the order in which it travels."""

    order: int
    control: int
    bus: int
    beats: int
    log: int


def run_child(descriptors: Descriptors, *, parent: int) -> int:
    """Become a host and run until told to stop; return the exit code."""
    _reset_signals()
    _take_output(descriptors.log)
    _close_all_but({0, 1, 2, descriptors.order, descriptors.control, descriptors.bus, descriptors.beats})
    os.setsid()
    order = StartOrder.from_bytes(read_memory_file(descriptors.order))
    control = Channel(socket.socket(fileno=descriptors.control))
    _reseed()
    try:
        lock = _share_live_lock(order)
    except Held:
        return EXIT_BEING_PLACED
    is_landlocked = confine(order, parent=parent)
    if order.spec is None:
        control.send(ProbeResult(attempt_break_out(order.probe or {}), os.getuid(), is_landlocked))
        return 0
    _settle_in(order)
    try:
        return _run_host(order, control, descriptors)
    except Closed:
        return 0  # the director is gone, and the zygote ends us in a moment anyway
    finally:
        if lock is not None:
            os.close(lock)


def _share_live_lock(order: StartOrder) -> int | None:
    return share_live_lock(Path(order.live_lock)) if order.live_lock else None


def _run_host(order: StartOrder, control: Channel, descriptors: Descriptors) -> int:
    assert order.spec is not None
    host = Host(order.spec, control, bus=descriptors.bus, beats=BeatWriter(descriptors.beats), most_threads=order.threads)
    if not host.load():
        return EXIT_FAILED_TO_LOAD
    host.run()
    return 0


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):  # those that the zygote handles; looking at all touches memory
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _take_output(log: int) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115 - lives as long as we do
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    faulthandler.enable(2)


def _close_all_but(kept: set[int]) -> None:
    for entry in list(Path("/proc/self/fd").iterdir()):
        if int(entry.name) not in kept:
            try:
                os.close(int(entry.name))
            except OSError:
                continue  # the descriptor of the listing itself


def _reseed() -> None:
    random.seed()
    if "numpy.random" in sys.modules:  # numpy loads it on demand, which takes 5 MB and seeds it anew
        sys.modules["numpy.random"].seed()


def _settle_in(order: StartOrder) -> None:
    assert order.spec is not None
    home = order.spec.cache_dir / "home"
    temporary = order.spec.cache_dir / "tmp"
    for folder in (home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home)))
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)))
    sys.dont_write_bytecode = True
    gc.freeze()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format=LOG_FORMAT, force=True)
