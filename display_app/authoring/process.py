"""Runs an actor: a process that ends with us, within its time, and leaves none of its own behind."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from display_app.hosting import kernel
from display_app.hosting.strays import children, end_strays

CODE = Path(__file__).resolve().parents[2]
MOST_BYTES = 256 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024
LOG_BYTES = 64 * 1024
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Ending:
    """How an actor ended: its exit code (negative: the signal), or that its time was over; `log` is the end of what it printed."""

    code: int
    overdue: bool
    log: str


def run_actor(task: bytes, *, cwd: Path, scratch: Path, seconds: float, on_line: Callable[[dict[str, Any]], None]) -> Ending:
    """Run one task; every JSON object that the actor reports goes to `on_line`. HOME and TMPDIR are folders in `scratch`."""
    with _strays_ended(), tempfile.TemporaryFile() as log, tempfile.TemporaryFile() as source:
        source.write(task)
        source.seek(0)
        with subprocess.Popen(
            [sys.executable, "-m", "display_app.authoring.actor"],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=log,
            env=_environment(scratch),
            cwd=cwd,
            start_new_session=True,
        ) as process:
            try:
                is_over = not _follow(process, time.monotonic() + seconds, on_line)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        end = log.seek(0, os.SEEK_END)
        log.seek(max(0, end - LOG_BYTES))
        return Ending(process.returncode, is_over, log.read().decode("utf-8", "replace"))


@contextlib.contextmanager
def _strays_ended() -> Iterator[None]:
    """Inherit what the actor leaves running, and end it."""
    ours = set(children())
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        end_strays(ours)
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 0)


def _environment(scratch: Path) -> dict[str, str]:
    """Return a short environment: nothing of ours that a plugin should read, one thread a library, no bytecode beside the sources."""
    home, temporary = str(scratch / "home"), str(scratch / "tmp")
    return {
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        "PYTHONPATH": str(CODE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        **dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), home),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary),
    }


def _follow(process: subprocess.Popen[bytes], deadline: float, on_line: Callable[[dict[str, Any]], None]) -> bool:
    """Hand on lines until the actor has closed its end; False when its time is over or it says too much."""
    assert process.stdout is not None
    output, rest, total = process.stdout.fileno(), b"", 0
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([output], [], [], left)[0]:
            continue
        data = os.read(output, 1 << 20)
        total += len(data)
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            _hand_on(line, on_line)
        if not data:
            return _has_ended(process, deadline)
        if total > MOST_BYTES or len(rest) > LONGEST_LINE:
            return False
    return False


def _has_ended(process: subprocess.Popen[bytes], deadline: float) -> bool:
    """A plugin may close our pipe and go on: it has its time, not more."""
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def _hand_on(line: bytes, on_line: Callable[[dict[str, Any]], None]) -> None:
    """Hand on what is a report; a plugin that gets hold of the pipe may write anything."""
    with contextlib.suppress(ValueError, RecursionError):
        report = json.loads(line)
        if isinstance(report, dict) and isinstance(report.get("step"), str):
            on_line(cast("dict[str, Any]", report))
