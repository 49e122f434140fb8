"""Starting and ending the director's own children: in a session of their own, with only the descriptors they are meant to have."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

KEPT_NAMES = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
)  # fmt: skip
FIXED = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
}
BACK_OFF = (0.1, 0.5, 1.0, 2.0, 5.0)
HEALTHY_SECONDS = 10.0


def small_environment(*, time_zone: str) -> dict[str, str]:
    """Return the short list of variables that children get: nothing of ours, no secret."""
    kept = {name: os.environ[name] for name in KEPT_NAMES if name in os.environ}
    return {**kept, **FIXED, "TZ": time_zone}


def start_module(
    module: str, arguments: Sequence[str], *, folder: Path, environment: dict[str, str], fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start `python -m module` with the inherited descriptors `fds`."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env=environment,
        pass_fds=fds,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def end_process(process: subprocess.Popen[bytes], *, grace: float) -> None:
    """Ask a child to end, then end it."""
    process.terminate()
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class BackOff:
    """How long to wait before a child is started again: longer with every early death, forgotten after a healthy while."""

    def __init__(self) -> None:
        self._deaths = 0
        self._started_at = 0.0
        self.not_before = 0.0

    def started(self) -> None:
        """Note a start."""
        self._started_at = time.monotonic()

    def died(self) -> float:
        """Note a death and return the seconds until the next start."""
        now = time.monotonic()
        self._deaths = 0 if now - self._started_at > HEALTHY_SECONDS else self._deaths + 1
        wait = BACK_OFF[min(self._deaths, len(BACK_OFF) - 1)]
        self.not_before = now + wait
        return wait

    def may_start(self) -> bool:
        """Tell whether the wait is over."""
        return time.monotonic() >= self.not_before
