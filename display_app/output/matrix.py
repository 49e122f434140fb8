"""What hzeller's library and its emulator have in common: one interface of options, canvas and swap."""

from __future__ import annotations

import logging
import re
from abc import abstractmethod
from typing import Any

from PIL import Image

from display_app.output.base import Backend, BackendProblem, HardwareValue, PanelOptions

logger = logging.getLogger(__name__)

# The names are those of config.json's display.hardware and display.runtime; most are also the library's.
NUMBERS = (
    "scan_mode",
    "pwm_bits",
    "pwm_dither_bits",
    "pwm_lsb_nanoseconds",
    "limit_refresh_rate_hz",
    "row_address_type",
    "multiplexing",
    "gpio_slowdown",
    "rp1_rio",
)
SWITCHES = ("disable_hardware_pulsing", "inverse_colors", "show_refresh_rate")
WORDS = ("hardware_mapping", "led_rgb_sequence", "pixel_mapper_config", "panel_type")
ORIENTATIONS = {"normal": "", "90": "Rotate:90", "180": "Rotate:180", "270": "Rotate:270"}
_WORD = re.compile(r"[A-Za-z0-9:;,._ -]{0,200}")


class MatrixBackend(Backend):
    """Drives an object with the interface of `rgbmatrix.RGBMatrix`."""

    def __init__(self) -> None:
        self._matrix: Any = None
        self._canvas: Any = None
        self._size = (0, 0)
        self._brightness = -1

    @abstractmethod
    def load(self) -> tuple[Any, type[Any]]:
        """Return an empty options object and the matrix class. Raise BackendProblem when the library is not there."""

    def open(self, options: PanelOptions) -> None:
        """Set the options and open the panel; the library may end the process when it cannot."""
        settings, matrix_class = self.load()
        apply_options(settings, options)
        self._matrix = matrix_class(options=settings)
        self._size = (options.width, options.height)
        opened = (int(self._matrix.width), int(self._matrix.height))
        if opened != self._size:
            raise BackendProblem(
                f"With these options the panel has {opened[0]}x{opened[1]} pixels, but pictures have {options.width}x{options.height}: "
                "make LEDSITE_PANEL, orientation and pixel_mapper_config agree."
            )
        self._canvas = self._matrix.CreateFrameCanvas()

    def show(self, rgb: bytes, *, brightness: int) -> None:
        """Draw on the hidden canvas, then swap it in at the next refresh."""
        if len(rgb) != self._size[0] * self._size[1] * 3:
            raise BackendProblem(f"A picture of {len(rgb)} bytes does not fit a panel of {self._size[0]}x{self._size[1]} pixels.")
        if brightness != self._brightness:
            self._matrix.brightness = brightness
            self._brightness = brightness
        self._canvas.SetImage(Image.frombytes("RGB", self._size, rgb))
        self._canvas = self._matrix.SwapOnVSync(self._canvas)

    def close(self) -> None:
        """Make the panel dark."""
        if self._matrix is not None and self._canvas is not None:
            self._canvas.Clear()
            self._matrix.SwapOnVSync(self._canvas)
        self._matrix = self._canvas = None


def check_option(name: str, value: HardwareValue) -> HardwareValue:
    """Return an option's value as the library takes it. Raise BackendProblem when it is of the wrong kind."""
    if name == "orientation":
        if str(value) not in ORIENTATIONS:
            raise BackendProblem(f"hardware option orientation is {value!r}: use one of {', '.join(ORIENTATIONS)}.")
        return value
    if name in WORDS and isinstance(value, str) and _WORD.fullmatch(value):
        return value
    if name in SWITCHES and value in (True, False):
        return bool(value)
    if name in NUMBERS and isinstance(value, int) and 0 <= value <= 1_000_000:
        return int(value)
    kind = "text" if name in WORDS else "yes or no" if name in SWITCHES else "a number"
    raise BackendProblem(f"hardware option {name} is {value!r}, but must be {kind}: change it in the hardware settings.")


def apply_options(target: Any, options: PanelOptions) -> None:
    """Set the library's options. Raise BackendProblem for a value of the wrong kind; unknown names are logged and left out."""
    target.cols, target.rows = options.cols, options.rows
    target.chain_length, target.parallel = options.chain, options.parallel
    for name, value in options.hardware.items():
        if name in (*NUMBERS, *SWITCHES, *WORDS):
            _set(target, name, check_option(name, value))
        elif name != "orientation":
            logger.warning("hardware option %s is not known and does nothing", name)
    mapper = ";".join(part for part in (_word(options, "pixel_mapper_config"), _rotation(options)) if part)
    if mapper:
        _set(target, "pixel_mapper_config", mapper)


def _rotation(options: PanelOptions) -> str:
    return ORIENTATIONS[str(check_option("orientation", options.hardware.get("orientation", "normal")))]


def _word(options: PanelOptions, name: str) -> str:
    return str(check_option(name, options.hardware.get(name, "")))


def _set(target: Any, name: str, value: HardwareValue) -> None:
    try:
        setattr(target, name, value)
    except AttributeError:
        logger.warning("hardware option %s is not known to the installed LED library and does nothing", name)
