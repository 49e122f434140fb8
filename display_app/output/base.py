"""What a backend is: something that is opened once with a panel's options, shows pictures, and is closed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, Self

MAX_WIDTH, MAX_HEIGHT = 1024, 512
GEOMETRY = ("cols", "rows", "chain", "parallel")

HardwareValue = int | str


class BackendProblem(Exception):
    """The panel cannot be opened or fed; the text is a sentence for a person, with what to do."""


@dataclass(frozen=True, slots=True)
class PanelOptions:
    """Size of the pictures in pixels, the modules they are made of, and the options of the LED library in force."""

    width: int
    height: int
    cols: int
    rows: int
    chain: int = 1
    parallel: int = 1
    generation: int = 0
    hardware: dict[str, HardwareValue] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Read the director's JSON without trusting it. Raise BackendProblem for what is no panel."""
        values = data if isinstance(data, dict) else {}
        numbers = {name: _number(values, name, most=MAX_WIDTH) for name in ("width", "height", *GEOMETRY)}
        if numbers["height"] > MAX_HEIGHT:
            raise BackendProblem(f"A panel of {numbers['height']} rows is more than the {MAX_HEIGHT} that work.")
        generation = values.get("generation", 0)
        hardware = values.get("hardware") or {}
        if not isinstance(hardware, dict) or not isinstance(generation, int):
            raise BackendProblem("The options of the panel are damaged: save the hardware settings again.")
        known = {str(name): value for name, value in hardware.items() if isinstance(value, int | str)}
        return cls(**numbers, generation=generation & 0xFFFF_FFFF, hardware=known)


def _number(values: dict[str, object], name: str, *, most: int) -> int:
    value = values.get(name, 1 if name in ("chain", "parallel") else None)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise BackendProblem(f"The options of the panel are damaged: {name} is {value!r}. Save the hardware settings again.")
    return value


class Backend(ABC):
    """One way to show pictures. Call `open` once, then `show` any number of times, then `close`; never open it again."""

    name: ClassVar[str]
    is_hardware: ClassVar[bool] = False  # opens a device: the process wants high priority, and may be ended by the library
    keeps_picture: ClassVar[bool] = False  # what was shown stays visible after close

    @abstractmethod
    def open(self, options: PanelOptions) -> None:
        """Make the panel ready and dark. Raise BackendProblem when it cannot be."""

    @abstractmethod
    def show(self, rgb: bytes, *, brightness: int) -> None:
        """Show `width * height * 3` bytes RGB, rows from the top, at 0 to 100 percent; may wait for the panel's next refresh."""

    @abstractmethod
    def close(self) -> None:
        """Make the panel dark where it has lamps, and let it go; harmless when it was never opened."""
