"""One supervised process: how it is started, what it said, and how often it failed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledsite.process import die_with_parent, start_ticks


@dataclass(frozen=True)
class Spec:
    """What to run: `stage` 0 is stopped first, then 1."""

    name: str
    command: tuple[str, ...]
    stage: int = 0
    descriptors: tuple[int, ...] = ()
    cwd: Path | None = None


@dataclass
class Child:
    """The process of one spec, or the wait for its next try."""

    spec: Spec
    state: str = "waiting"  # waiting, running, stopped, given-up
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    failures: list[float] = field(default_factory=list)
    due: float = 0.0
    since: float = 0.0
    problem: str = ""

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self.process.pid if self.process else None

    def start(self) -> int:
        """Start the process in a session of its own that ends with this one; return the descriptor of its output."""
        parent = os.getpid()

        def in_child() -> None:
            die_with_parent(parent, by=signal.SIGTERM)

        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        try:
            self.process = subprocess.Popen(
                self.spec.command,
                stdin=subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                pass_fds=self.spec.descriptors,
                start_new_session=True,
                preexec_fn=in_child,  # noqa: PLW1509 - the supervisor has one thread
                cwd=self.spec.cwd,
            )
        except OSError:
            os.close(read_end)
            raise
        finally:
            os.close(write_end)
        self.state, self.since = "running", time.time()
        return read_end

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process alone: it looks after its own children."""
        if self.process:
            os.kill(self.process.pid, number)  # not Popen.send_signal: that one reaps, and the loop would never know

    def end_family(self) -> None:
        """Kill what is left of its process group; to be called before the process is reaped, so that the id is still its own."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def as_dict(self) -> dict[str, Any]:
        """Return what up.json says about it."""
        return {
            "state": self.state,
            "pid": self.pid,
            "started_ticks": start_ticks(self.pid) if self.pid else 0,
            "since": round(self.since, 3),
            "restarts": self.restarts,
            "problem": self.problem,
        }
