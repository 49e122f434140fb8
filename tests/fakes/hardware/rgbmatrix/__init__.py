"""Stands for hzeller's binding: keeps to its interface, writes down what it is told, and fails in the ways in which the real one does.

`FAKE_RGBMATRIX` is a file that gets one JSON line per event. `FAKE_RGBMATRIX_OPEN` is `fine`, `segfault` or `exit`.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from typing import Any


def _note(**event: Any) -> None:
    with open(os.environ["FAKE_RGBMATRIX"], "a") as file:
        file.write(json.dumps(event) + "\n")


class RGBMatrixOptions:
    """Takes the binding's attributes and no others, as the compiled class does."""

    __slots__ = (
        "brightness", "chain_length", "cols", "daemon", "disable_hardware_pulsing", "drop_privileges", "gpio_slowdown", "hardware_mapping",
        "inverse_colors", "led_rgb_sequence", "limit_refresh_rate_hz", "multiplexing", "panel_type", "parallel", "pixel_mapper_config",
        "pwm_bits", "pwm_dither_bits", "pwm_lsb_nanoseconds", "row_address_type", "rows", "scan_mode", "show_refresh_rate",
    )  # fmt: skip


class FrameCanvas:
    """Remembers its first pixel and how many there are."""

    def __init__(self) -> None:
        self.picture: dict[str, Any] = {"first": [0, 0, 0], "size": None}

    def SetImage(self, image: Any, offset_x: int = 0, offset_y: int = 0, unsafe: bool = True) -> None:
        self.picture = {"first": list(image.getpixel((0, 0))), "size": list(image.size)}

    def Clear(self) -> None:
        self.picture = {"first": [0, 0, 0], "size": None}


class RGBMatrix:
    """The panel."""

    def __init__(self, rows: int = 32, chains: int = 1, parallel: int = 1, options: RGBMatrixOptions | None = None) -> None:
        assert options is not None
        _note(event="open", **{name: getattr(options, name) for name in options.__slots__ if hasattr(options, name)})
        how = os.environ.get("FAKE_RGBMATRIX_OPEN", "fine")
        if how == "segfault":
            ctypes.string_at(0)
        if how == "exit":
            print("Can't open GPIO", file=sys.stderr)
            os._exit(1)
        self.width = options.cols * options.chain_length
        self.height = options.rows * options.parallel
        if "Rotate:90" in getattr(options, "pixel_mapper_config", ""):
            self.width, self.height = self.height, self.width
        self.brightness = 100

    def CreateFrameCanvas(self) -> FrameCanvas:
        return FrameCanvas()

    def SwapOnVSync(self, canvas: FrameCanvas, framerate_fraction: int = 1) -> FrameCanvas:
        _note(event="swap", brightness=self.brightness, **canvas.picture)
        return canvas
