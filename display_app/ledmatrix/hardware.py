"""The geometry of the panel and the options of its driver, read from LEDMatrix's words (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from display_app.output.base import MAX_HEIGHT, MAX_WIDTH, BackendProblem
from display_app.output.matrix import NUMBERS, SWITCHES, WORDS, check_option
from plugins_app.config.pointers import pointer_of
from plugins_app.ledmatrix.document import Refused

PATH, RUNTIME_PATH = "/display/hardware", "/display/runtime"
GEOMETRY = {"cols": 64, "rows": 32, "chain_length": 2, "parallel": 1}  # with what LEDMatrix has when nothing is said
IN_RUNTIME = ("gpio_slowdown", "rp1_rio")
OPTIONS = (*NUMBERS, *SWITCHES, *WORDS, "orientation")
_SAME_SIZE = ("mirror:h", "mirror:v", "rotate:0", "rotate:180")
_SAYS_NOTHING = {"orientation": "normal", "panel_type": "", "pixel_mapper_config": ""}


@dataclass(frozen=True)
class Option:
    """One option of the driver, and where it stood."""

    name: str
    path: str
    value: Any


def read_geometry(hardware: Mapping[str, Any]) -> tuple[str, list[Refused]]:
    """Return the geometry as LEDSITE_PANEL wants it, empty when none was said or it is none."""
    if not any(name in hardware for name in GEOMETRY):
        return "", []
    numbers = {name: hardware.get(name, usual) for name, usual in GEOMETRY.items()}
    bad = {name: value for name, value in numbers.items() if isinstance(value, bool) or not isinstance(value, int) or value < 1}
    if bad:
        return "", [Refused(f"{PATH}/{name}", value, "It must be a whole number from 1.") for name, value in bad.items()]
    width, height = _size(numbers)
    if width > MAX_WIDTH or height > MAX_HEIGHT:
        said = {name: numbers[name] for name in GEOMETRY}
        return "", [Refused(PATH, said, f"{width}x{height} pixels: at most {MAX_WIDTH}x{MAX_HEIGHT} work.")]
    return "x".join(str(numbers[name]) for name in GEOMETRY), []


def read_hardware(hardware: Mapping[str, Any], runtime: Mapping[str, Any], *, panel: str) -> tuple[list[Option], list[Refused]]:
    """Return the options that a driver here takes, and those that it does not with the reason."""
    found: list[Option] = []
    refused: list[Refused] = []
    named = [(PATH, name, value) for name, value in hardware.items() if name not in (*GEOMETRY, "brightness")]
    for place, name, said in [*named, *((RUNTIME_PATH, name, value) for name, value in runtime.items())]:
        value = whole(said)
        path = f"{place}{pointer_of([name])}"
        problem = _problem_of(name, value, panel)
        if problem:
            refused.append(Refused(path, value, problem))
        elif value is not None and _SAYS_NOTHING.get(name) != value:
            found.append(Option(name, path, check_option(name, value)))
    return found, refused


def whole(value: Any) -> Any:
    """Return a number without a fraction as a whole one, anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _problem_of(name: str, value: Any, panel: str) -> str:
    if name not in OPTIONS:
        return "No option of the driver has this name here."
    if value is None:
        return ""
    if not isinstance(value, bool | int | str):
        return "It must be text, a whole number, or true or false."
    try:
        check_option(name, value)
    except BackendProblem as problem:
        return f"{str(problem)[0].upper()}{str(problem)[1:]}"
    if name == "orientation" and str(value) in ("90", "270") and not _is_square(panel):
        return "The picture has the width and height of LEDSITE_PANEL here, and cannot be turned upright."
    if name == "pixel_mapper_config" and not all(part.strip().lower() in _SAME_SIZE for part in str(value).split(";") if part.strip()):
        return "The picture has the width and height of LEDSITE_PANEL here, which such a mapping may change."
    return ""


def _is_square(panel: str) -> bool:
    numbers = dict(zip(GEOMETRY, map(int, panel.split("x")), strict=True)) if panel else {}
    return bool(numbers) and len(set(_size(numbers))) == 1


def _size(numbers: Mapping[str, Any]) -> tuple[int, int]:
    return numbers["cols"] * numbers["chain_length"], numbers["rows"] * numbers["parallel"]
