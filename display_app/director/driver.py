"""Keeps the driver process alive, hands it its options, and turns its deaths into a sentence."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
from typing import Any

from display_app.director.config import DirectorConfig
from display_app.director.panel import Panel
from display_app.director.process import BackOff, end_process, small_environment, start_module
from display_app.output.state import EXIT_NEW_HARDWARE, OPTIONS_NAME, DriverState, read_state

STOP_SECONDS = 1.0

logger = logging.getLogger(__name__)


class DriverKeeper:
    """Starts the driver, and starts it again."""

    def __init__(self, config: DirectorConfig, panel: Panel) -> None:
        self._config = config
        self._panel = panel
        self._process: subprocess.Popen[bytes] | None = None
        self._back_off = BackOff()
        self._generation = 0
        self._hardware: dict[str, Any] | None = None
        self._death = ""

    @property
    def pid(self) -> int | None:
        """Return the driver's process id, None while there is none."""
        return self._process.pid if self._process else None

    def set_hardware(self, hardware: dict[str, Any]) -> None:
        """Take over settings of the hardware; a change makes the driver leave and open it anew."""
        if hardware != self._hardware:
            self._hardware = hardware
            self.reopen()

    def reopen(self) -> None:
        """Write the options first, then move the generation: the driver compares the two."""
        self._generation += 1
        panel = self._config.environment.panel
        options = {
            "width": panel.width,
            "height": panel.height,
            "cols": panel.cols,
            "rows": panel.rows,
            "chain": panel.chain,
            "parallel": panel.parallel,
            "hardware": self._hardware or {},
            "generation": self._generation,
        }
        path = self._config.run_dir / OPTIONS_NAME
        temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
        temporary.write_text(json.dumps(options))
        temporary.replace(path)
        self._panel.set_hardware_generation(self._generation)

    def look_after(self) -> None:
        """Start the driver when there is none; note its end. Call often, it costs one system call."""
        if self._process is not None and (code := self._process.poll()) is not None:
            self._process = None
            self._note_end(code)
        if self._process is None and self._hardware is not None and self._back_off.may_start():
            self._start()

    def report(self, found: DriverState) -> dict[str, Any]:
        """Return `{ok, problem}` for `status.json`."""
        problem = found.problem or ("" if found.ok else self._death)
        return {"ok": found.ok, "problem": problem or None}

    def read_state(self) -> DriverState:
        """Return the driver's own last word, checked."""
        return read_state(self._config.run_dir)

    def stop(self) -> None:
        """End the driver."""
        if self._process is not None:
            end_process(self._process, grace=STOP_SECONDS)
            self._process = None

    def _start(self) -> None:
        arguments = ["--run-dir", str(self._config.run_dir), "--backend", self._config.environment.backend, "--parent", str(os.getpid())]
        environment = small_environment(time_zone=self._config.environment.time_zone)
        self._process = start_module("display_app.output.driver", arguments, folder=self._config.code_dir, environment=environment)
        self._back_off.started()

    def _note_end(self, code: int) -> None:
        wait = self._back_off.died()
        if code == EXIT_NEW_HARDWARE:
            return
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        self._death = f"The driver {how}; it is started again."
        logger.error("The driver %s; it is started again in %.1f s. %s", how, wait, self.read_state().problem)
