"""Which backend a name means: `auto` is hardware on a Raspberry Pi that has the library, and the page in the browser elsewhere."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from display_app.output.base import Backend, BackendProblem
from display_app.output.emulator import EmulatorBackend
from display_app.output.headless import HeadlessBackend
from display_app.output.rgbmatrix import RgbMatrixBackend

MODEL_FILE = Path("/proc/device-tree/model")
NAMES = ("rgbmatrix", "emulator", "headless")


def resolve_backend(name: str, *, model_file: Path = MODEL_FILE) -> str:
    """Return the name of the backend that `name` stands for on this machine."""
    if name != "auto":
        return name
    return "rgbmatrix" if is_raspberry_pi(model_file) and importlib.util.find_spec("rgbmatrix") else "headless"


def is_raspberry_pi(model_file: Path = MODEL_FILE) -> bool:
    """Tell by the model that the firmware gives."""
    try:
        return model_file.read_bytes().startswith(b"Raspberry Pi")
    except OSError:
        return False


def make_backend(name: str, *, run_dir: Path) -> Backend:
    """Return a backend that is not open yet. Raise BackendProblem for an unknown name."""
    if name == "rgbmatrix":
        return RgbMatrixBackend()
    if name == "emulator":
        return EmulatorBackend(run_dir / "emulator")
    if name == "headless":
        return HeadlessBackend()
    raise BackendProblem(f"There is no backend {name!r}: LEDSITE_BACKEND is one of auto, {', '.join(NAMES)}.")
