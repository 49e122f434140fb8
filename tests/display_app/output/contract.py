"""What every backend must do; each implementation runs these with a `backend` and a `shown` of its own."""

from __future__ import annotations

from typing import Any

import pytest

from display_app.output.base import Backend, BackendProblem, PanelOptions

OPTIONS = PanelOptions(width=64, height=16, cols=32, rows=16, chain=2)


def picture(red: int, green: int, blue: int) -> bytes:
    return bytes((red, green, blue)) * (OPTIONS.width * OPTIONS.height)


class BackendContract:
    """Subclass it, give the fixture `backend`, and `shown(backend)` when the backend can tell what the panel shows."""

    def shown(self, backend: Backend) -> Any:
        """Return ((r, g, b) of the first pixel, lit as the panel shows it), or None when the backend cannot tell."""
        return None

    def test_it_shows_pictures_one_after_the_other(self, backend: Backend):
        backend.open(OPTIONS)
        for colour in ((255, 0, 0), (0, 200, 100)):
            backend.show(picture(*colour), brightness=100)
            assert self.shown(backend) in (None, colour)

    def test_it_dims(self, backend: Backend):
        backend.open(OPTIONS)
        backend.show(picture(200, 100, 0), brightness=50)
        assert self.shown(backend) in (None, (100, 50, 0))

    def test_brightness_zero_is_dark(self, backend: Backend):
        backend.open(OPTIONS)
        backend.show(picture(255, 255, 255), brightness=0)
        assert self.shown(backend) in (None, (0, 0, 0))

    def test_it_refuses_a_picture_of_another_size(self, backend: Backend):
        backend.open(OPTIONS)
        with pytest.raises(BackendProblem, match="does not fit"):
            backend.show(b"\0" * 12, brightness=100)

    def test_closing_twice_or_unopened_is_harmless(self, backend: Backend):
        backend.close()
        backend.open(OPTIONS)
        backend.close()
        backend.close()

    def test_it_has_a_name_that_the_settings_know(self, backend: Backend):
        assert backend.name in ("headless", "emulator", "rgbmatrix")
