"""The driver process: `python -m display_app.output.driver --run-dir D --backend B` opens the panel and shows the frames of the bus.

It loads no Django and no plugin, takes nothing from the bus but pixels of the expected number, and is the only process that a
broken LED library can take with it. It ends when it is told to (SIGTERM), when its parent ends (`--parent`), and when the settings
of the hardware have moved, because a panel cannot be opened twice in one process.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from display_app.frames.bus import Frame, FrameReader
from display_app.hosting.kernel import die_with_parent
from display_app.output import state as files
from display_app.output.base import Backend, BackendProblem, PanelOptions
from display_app.output.choice import make_backend, resolve_backend
from display_app.output.privileges import become_owner, close_to_others, raise_priority
from display_app.output.state import DriverState, read_small_file, write_state

logger = logging.getLogger("display_app.output.driver")

POLL_SECONDS = 0.5
BEAT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Arguments:
    """The command line."""

    run_dir: Path
    backend: str
    options: Path
    parent: int


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to stop; return the exit code."""
    arguments = _parse(argv)
    if arguments.parent:
        die_with_parent(signal.SIGTERM, parent=arguments.parent)
    close_to_others()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s driver: %(message)s")
    with Wakeups(arguments.run_dir / files.SOCKET_NAME) as wakeups:
        driver = Driver(arguments, wakeups)
        return driver.run()


class Driver:
    """One backend, fed from one bus."""

    def __init__(self, arguments: Arguments, wakeups: Wakeups) -> None:
        self._arguments = arguments
        self._wakeups = wakeups
        self._run_dir = arguments.run_dir
        self._name = resolve_backend(arguments.backend)
        self._generation: int | None = None
        self._size = (0, 0)
        self._shown: tuple[bytes, int] | None = None
        self._problem = files.OPENING
        self._beat_at = 0.0

    def run(self) -> int:
        """Open, show, close. A panel that cannot be opened is said in driver.json until the settings change."""
        self._beat(ok=False)  # the sentence for the case that the library ends this process now
        backend: Backend | None = None
        try:
            backend = self._open()
        except (BackendProblem, OSError) as error:
            self._problem = str(error)
            logger.error("%s", error)
            self._beat(ok=False)
        try:
            return self._loop(backend)
        finally:
            if backend is not None:
                backend.close()

    def _open(self) -> Backend:
        options = PanelOptions.from_dict(_read_json(self._arguments.options))
        self._generation, self._size = options.generation, (options.width, options.height)
        backend = make_backend(self._name, run_dir=self._run_dir)
        backend.open(options)
        if backend.is_hardware:
            raise_priority()
        become_owner(self._run_dir)
        self._problem = ""
        self._beat(ok=True)
        logger.info("%s is open: %dx%d pixels", self._name, options.width, options.height)
        return backend

    def _loop(self, backend: Backend | None) -> int:
        with FrameReader(self._run_dir / files.FRAMES_NAME) as bus:
            while not self._wakeups.stop:
                frame = bus.read()
                if frame is not None and self._has_moved(frame):
                    logger.info("the hardware settings have changed")
                    return files.EXIT_NEW_HARDWARE
                if frame is not None and backend is not None:
                    self._show(backend, frame)
                now = time.monotonic()
                if now // BEAT_SECONDS != self._beat_at // BEAT_SECONDS:
                    self._beat(ok=not self._problem)
                self._wakeups.wait(POLL_SECONDS - now % POLL_SECONDS)  # the beat falls on a look at the bus
        return files.EXIT_STOPPED

    def _has_moved(self, frame: Frame) -> bool:
        if self._generation is None:  # the options were not readable: look whether they are now
            with suppress(BackendProblem, OSError):
                return PanelOptions.from_dict(_read_json(self._arguments.options)).generation == frame.hardware_generation
            return False
        return frame.hardware_generation != self._generation or (frame.width, frame.height) != self._size

    def _show(self, backend: Backend, frame: Frame) -> None:
        picture = (frame.rgb, frame.brightness)
        if picture == self._shown:
            return
        backend.show(frame.rgb, brightness=frame.brightness)
        self._shown = picture

    def _beat(self, *, ok: bool) -> None:
        self._beat_at = time.monotonic()
        with suppress(OSError):  # a full or vanished run folder must not darken the panel
            write_state(self._run_dir, DriverState(os.getpid(), self._name, ok, self._problem, self._beat_at))


class Wakeups:
    """Sleep that a datagram or a signal ends; the datagram's content means nothing."""

    def __init__(self, path: Path) -> None:
        self.stop = False
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        self._signals, self._signalled = socket.socketpair()
        self._ends = {end.fileno(): end for end in (self._socket, self._signals)}

    def __enter__(self) -> Wakeups:
        self._path.unlink(missing_ok=True)
        self._socket.bind(str(self._path))
        self._path.chmod(0o660)
        self._signals.setblocking(False)
        self._signalled.setblocking(False)
        signal.set_wakeup_fd(self._signalled.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *exc_info: object) -> None:
        signal.set_wakeup_fd(-1)
        for end in (self._socket, self._signals, self._signalled):
            end.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def wait(self, seconds: float) -> None:
        """Sleep until there is something to look at, at most `seconds`; what else has come ends the next sleep, too."""
        ready, _, _ = select.select(self._ends, (), (), max(0.0, seconds))
        with suppress(BlockingIOError):
            for fd in ready:
                self._ends[fd].recv(64)

    def _on_signal(self, number: int, frame: object) -> None:
        self.stop = True


def _read_json(path: Path) -> object:
    try:
        return json.loads(read_small_file(path))
    except (OSError, ValueError) as error:
        raise BackendProblem(f"The options of the panel cannot be read: {error}") from error


def _parse(argv: Sequence[str] | None) -> Arguments:
    parser = argparse.ArgumentParser(prog="display_app.output.driver", description=__doc__)
    parser.add_argument("--run-dir", type=Path, required=True)
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--options", type=Path, default=None)
    parser.add_argument("--parent", type=int, default=0)
    known = parser.parse_args(argv)
    return Arguments(known.run_dir, known.backend, known.options or known.run_dir / files.OPTIONS_NAME, known.parent)


if __name__ == "__main__":
    sys.exit(main())
