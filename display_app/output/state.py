"""`driver.json`: the driver's last word, written by it alone; a sentence stands in it before anything can go wrong."""

from __future__ import annotations

import json
import os
import stat
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

STATE_NAME = "driver.json"
SOCKET_NAME = "driver.sock"
OPTIONS_NAME = "driver-options.json"
FRAMES_NAME = "panel.frames"
MAX_BYTES = 64 * 1024
DEAD_AFTER = 5.0

EXIT_STOPPED = 0  # told to
EXIT_NEW_HARDWARE = 4  # the settings of the hardware moved: start it again at once

OPENING = (
    "The LED library ended the driver while it opened the panel. Usual reasons: no right to use the pins (the driver must run as root), "
    "a wrong hardware_mapping, or another program that uses the panel."
)
GONE = "The driver has ended; it is started again."
NEVER = "The driver has not started yet."


@dataclass(frozen=True, slots=True)
class DriverState:
    """What the driver says of itself; `beat` is CLOCK_MONOTONIC in seconds, `pid` 0 means that there is none."""

    pid: int
    backend: str
    ok: bool
    problem: str
    beat: float


def write_state(run_dir: Path, state: DriverState) -> None:
    """Put the state in place by rename; never follows a link that another user may have left."""
    temporary = run_dir / f".{STATE_NAME}.{state.pid}.new"
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    try:
        os.write(handle, json.dumps(asdict(state)).encode())
    finally:
        os.close(handle)
    temporary.replace(run_dir / STATE_NAME)


def read_state(run_dir: Path, *, now: float | None = None) -> DriverState:
    """Return the driver's state as it is now: one that is gone, or silent for five seconds, is not ok whatever it wrote."""
    try:
        data = json.loads(read_small_file(run_dir / STATE_NAME))
        state = DriverState(int(data["pid"]), str(data["backend"]), data["ok"] is True, str(data["problem"]), float(data["beat"]))
    except (OSError, ValueError, KeyError, TypeError):
        return DriverState(0, "", False, NEVER, 0.0)
    age = (time.monotonic() if now is None else now) - state.beat
    if _exists(state.pid) and 0 <= age <= DEAD_AFTER:
        return state
    return DriverState(0, state.backend, False, GONE if state.ok else state.problem, state.beat)


def read_small_file(path: Path) -> bytes:
    """Read a regular file of at most 64 KiB without following a link; raise OSError for anything else."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
            raise OSError(f"{path} is no small regular file")
        return file.read(MAX_BYTES)


def _exists(pid: int) -> bool:
    with suppress(ProcessLookupError, OverflowError):
        try:
            os.kill(pid, 0)
        except PermissionError:
            return True  # it runs as another user
        return True
    return False
