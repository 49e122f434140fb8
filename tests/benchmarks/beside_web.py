"""The web interface of another program, LEDMatrix, with plugins of its own: see `beside.py`."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import time
from pathlib import Path

import requests

from tests.benchmarks.beside import LIMIT_SECONDS, Original, Program
from tests.fakes.hub import Hub
from tests.fakes.product import free_port, wait_for


class OriginalWeb(Original):
    """The other program's web interface on a port; what `load` wants to know stands in `url` and `token`."""

    token = ""

    def __init__(self, program: Program, hub: Hub) -> None:
        self.port = str(free_port())
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(program, hub)

    def have_plugins(self, folders: list[Path]) -> None:
        """Have these plugins, and no other, in its folder of plugins, and start anew."""
        for old in self.plugins.iterdir():
            shutil.rmtree(old)
        for folder in folders:
            shutil.copytree(folder, self.plugins / folder.name)
        self.restart()

    def restart(self) -> float:
        """Begin anew and wait until it listens."""
        seconds = super().restart()
        wait_for(self._listens, seconds=30, what="the other program's web interface")
        return seconds

    def warm_up(self) -> None:
        """Let it fetch what it shows, and end what it does beside the first request."""
        report = self.folder / "tmp" / "ledmatrix_reconciliation.json"
        for path in ("plugins/installed", "plugins/store/list"):
            assert self.seconds_of(path) < LIMIT_SECONDS
        wait_for(report.exists, seconds=60, what="the other program's look at its plugins")

    def count(self, path: str) -> int:
        """Return how many plugins a list has."""
        return len(requests.get(f"{self.url}/api/v3/{path}", timeout=LIMIT_SECONDS).json()["data"]["plugins"])

    def seconds_of(self, path: str) -> float:
        """Ask once; infinite when there is no answer in time."""
        begun = time.perf_counter()
        try:
            answer = requests.get(f"{self.url}/api/v3/{path}", timeout=LIMIT_SECONDS)
        except requests.Timeout:
            return float("inf")
        assert answer.status_code == 200, answer.text[:500]
        return time.perf_counter() - begun

    def _end(self) -> None:
        """End it; where it was writing its settings it has left half of them, and would not start again: without any it begins anew."""
        super()._end()
        path = self.folder / "config" / "config.json"
        try:
            json.loads(path.read_text())
        except (OSError, ValueError):
            path.unlink(missing_ok=True)

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(self.port)), timeout=1):
            return True
        return False
