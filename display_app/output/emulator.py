"""RGBMatrixEmulator with its raw adapter: the interface of hzeller's library without hardware, window or open port."""

from __future__ import annotations

import contextlib
import importlib
import json
from pathlib import Path
from typing import Any

from display_app.output.base import BackendProblem, PanelOptions
from display_app.output.matrix import MatrixBackend

MISSING = "The backend emulator needs the package RGBMatrixEmulator: install it from requirements.txt, or set LEDSITE_BACKEND=headless."

# The package writes a default file with its browser adapter, which listens on all interfaces, unless it finds one at import.
CONFIG = {
    "pixel_outline": 0,
    "pixel_size": 1,
    "pixel_style": "square",
    "pixel_glow": 0,
    "display_adapter": "raw",
    "allow_adapter_fallback": False,
    "icon_path": None,
    "emulator_title": None,
    "browser": {
        "_comment": "not used",
        "port": 0,
        "target_fps": 1,
        "fps_display": False,
        "quality": 70,
        "image_border": False,
        "debug_text": False,
        "image_format": "JPEG",
        "open_immediately": False,
    },
    "log_level": "warning",
}


class EmulatorBackend(MatrixBackend):
    """Shows pictures to RGBMatrixEmulator, whose files stay in a working folder of their own."""

    name = "emulator"

    def __init__(self, work_dir: Path) -> None:
        super().__init__()
        self.work_dir = work_dir

    def open(self, options: PanelOptions) -> None:
        """Write the configuration, then open in the working folder, where the package looks for it."""
        self.work_dir.mkdir(parents=True, exist_ok=True)
        (self.work_dir / "emulator_config.json").write_text(json.dumps(CONFIG, indent=1))
        with contextlib.chdir(self.work_dir):
            super().open(options)

    def load(self) -> tuple[Any, type[Any]]:
        """Import the package."""
        try:
            package = importlib.import_module("RGBMatrixEmulator")
        except ImportError as error:
            raise BackendProblem(f"{MISSING} ({error})") from error
        settings = package.RGBMatrixOptions()
        settings.display_adapter.INSTANCE = None  # the package keeps the adapter of the first size for the life of the process
        return settings, package.RGBMatrix
