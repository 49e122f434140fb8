"""No hardware at all: the frame bus, and with it the page in the browser, is the panel."""

from __future__ import annotations

from display_app.output.base import Backend, BackendProblem, PanelOptions


class HeadlessBackend(Backend):
    """Checks what it is given and shows it nowhere."""

    name = "headless"

    def __init__(self) -> None:
        self._expected = -1

    def open(self, options: PanelOptions) -> None:
        """Remember the size."""
        self._expected = options.width * options.height * 3

    def show(self, rgb: bytes, *, brightness: int) -> None:
        """Accept a picture of the right size."""
        if len(rgb) != self._expected:
            raise BackendProblem(f"A picture of {len(rgb)} bytes does not fit a panel that takes {self._expected}.")

    def close(self) -> None:
        """Accept nothing any more."""
        self._expected = -1
