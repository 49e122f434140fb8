"""LED modules on the pins of a Raspberry Pi, by hzeller's rpi-rgb-led-matrix; imported in the driver process only.

A failed open ends the process instead of raising, and a panel cannot be opened twice in one process: the driver is the guard.
"""

from __future__ import annotations

import importlib
from typing import Any

from display_app.output.base import BackendProblem
from display_app.output.matrix import MatrixBackend

MISSING = (
    "The backend rgbmatrix needs the Python module of the same name, which is on no package index: "
    "build it from the revision named in deploy/rgbmatrix.txt, or set LEDSITE_BACKEND=headless."
)


class RgbMatrixBackend(MatrixBackend):
    """Shows pictures on LED modules."""

    name = "rgbmatrix"
    is_hardware = True

    def load(self) -> tuple[Any, type[Any]]:
        """Import the binding. The user is dropped by the driver, not by the library, which would lose the run folder."""
        try:
            binding = importlib.import_module("rgbmatrix")
        except ImportError as error:
            raise BackendProblem(f"{MISSING} ({error})") from error
        settings = binding.RGBMatrixOptions()
        settings.drop_privileges = False
        return settings, binding.RGBMatrix
