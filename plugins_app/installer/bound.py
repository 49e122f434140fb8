"""Runs a command that cannot outlive its caller, its time or its limits, and leaves no process of its own behind.

A small keeper process stands between (`keeper.py`): it dies with the caller's thread (PDEATHSIG), is the reaper of everything below it
and ends what the command left running. Nothing is done between fork and exec in the caller, which may have threads.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KEEPER = Path(__file__).with_name("keeper.py")
MAX_LINE = 4000
GRACE_SECONDS = 2.0
WAIT_SECONDS = 0.5


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (128 + signal when one ended it), or that its time was over."""

    code: int
    timed_out: bool = False


class TooMuchOutput(Exception):
    """The command wrote more than it may."""


def run_bound(
    command: Sequence[str],
    *,
    seconds: float,
    env: Mapping[str, str],
    cwd: Path,
    on_line: Callable[[str], None],
    stdin: bytes = b"",
    limits: Mapping[str, int] | None = None,
    keep_fds: Sequence[int] = (),
    merge_stderr: bool = True,
    on_wait: Callable[[], None] = lambda: None,
    longest_line: int = MAX_LINE,
    most_output: int | None = None,
) -> Ended:
    """Run a command by argument list; every line that it writes goes to `on_line`, without its end, cut at `longest_line` bytes.

    `on_wait` is called about twice a second; what it raises ends the command. So does output beyond `most_output` bytes: TooMuchOutput.
    """
    keeper = [sys.executable, "-I", "-S", str(KEEPER), str(os.getpid()), json.dumps(dict(limits or {})), *command]
    source = _memory_file(stdin)
    with subprocess.Popen(
        keeper,
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merge_stderr else subprocess.DEVNULL,
        env=dict(env),
        cwd=cwd,
        pass_fds=tuple(keep_fds),
        start_new_session=True,
    ) as process:
        os.close(source)
        try:
            lines = _Lines(_output_of(process), on_line, longest=longest_line, most=most_output)
            timed_out = not _follow(process, time.monotonic() + seconds, lines, on_wait)
        finally:
            _end(process)
    code = process.returncode
    return Ended(128 - code if code < 0 else code, timed_out)


class _Lines:
    """Cuts what a process writes into lines of limited length."""

    def __init__(self, output: int, on_line: Callable[[str], None], *, longest: int, most: int | None) -> None:
        self.output, self.on_line, self.rest = output, on_line, b""
        self._longest, self._left = longest, most

    def read(self) -> bool:
        """Hand on the whole lines that are there; False when nothing will follow."""
        try:
            data = os.read(self.output, 65536)
        except BlockingIOError:
            return True
        *lines, rest = (self.rest + data).split(b"\n")
        for line in lines:
            self._hand_on(line)
        self.rest = rest[: self._longest]
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise TooMuchOutput
        return data != b""

    def finish(self) -> None:
        """Hand on the last line, ended or not."""
        for _ in range(1000):
            if not select.select([self.output], [], [], 0)[0] or not self.read():
                break
        self._hand_on(self.rest)

    def _hand_on(self, line: bytes) -> None:
        if line.strip():
            self.on_line(line[: self._longest].decode("utf-8", "replace").rstrip())


def _memory_file(text: bytes) -> int:
    """Return a file in memory to read from: unlike a pipe it never blocks, unlike a file it leaves nothing on the disk."""
    fd = os.memfd_create("stdin", os.MFD_CLOEXEC)
    with open(os.dup(fd), "wb") as file:
        file.write(text)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _output_of(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    output = process.stdout.fileno()
    os.set_blocking(output, False)
    return output


def _follow(process: subprocess.Popen[bytes], deadline: float, lines: _Lines, on_wait: Callable[[], None]) -> bool:
    """Hand on lines until the process has ended; False when its time is over first."""
    output, ending = lines.output, os.pidfd_open(process.pid)
    try:
        waiting = [output, ending]
        look_at = time.monotonic() + WAIT_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            ready = select.select(waiting, [], [], min(left, max(0.0, look_at - time.monotonic())))[0]
            if time.monotonic() >= look_at:
                on_wait()
                look_at = time.monotonic() + WAIT_SECONDS
            if ending in ready:
                lines.finish()
                return True
            if output in ready and not lines.read():
                waiting.remove(output)
        return False
    finally:
        os.close(ending)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the keeper to end everything, then make sure."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
