"""The contract on every backend that can run here."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from display_app.output.base import Backend, BackendProblem, PanelOptions
from display_app.output.choice import make_backend, resolve_backend
from display_app.output.emulator import EmulatorBackend
from display_app.output.headless import HeadlessBackend
from display_app.output.rgbmatrix import RgbMatrixBackend
from tests.display_app.output.contract import OPTIONS, BackendContract, picture

HARDWARE = str(Path(__file__).parents[2] / "fakes" / "hardware")


class TestHeadless(BackendContract):
    @pytest.fixture
    def backend(self) -> Backend:
        return HeadlessBackend()


class TestEmulator(BackendContract):
    @pytest.fixture
    def backend(self, tmp_path: Path) -> Backend:
        pytest.importorskip("tornado")
        return EmulatorBackend(tmp_path / "emulator")

    def shown(self, backend: Any) -> Any:
        adapter = backend._matrix.canvas.display_adapter
        return tuple(int(value) for value in adapter.frames[adapter.frame - 1][0][0])

    def test_it_leaves_files_in_its_own_folder_only(self, backend: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        backend.open(OPTIONS)
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["emulator_config.json"]
        assert Path.cwd() == tmp_path / "elsewhere"

    def test_it_opens_no_port_and_no_window(self, backend: Any):
        backend.open(OPTIONS)
        assert type(backend._matrix.canvas.display_adapter if hasattr(backend._matrix, "canvas") else None).__name__ in (
            "RawAdapter",
            "NoneType",
        )
        assert not [name for name in sys.modules if name.startswith("RGBMatrixEmulator.adapters.browser")]


@pytest.fixture
def events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put the stand-in for the binding on the path; return where it writes."""
    monkeypatch.syspath_prepend(HARDWARE)
    monkeypatch.setenv("FAKE_RGBMATRIX", str(tmp_path / "events"))
    sys.modules.pop("rgbmatrix", None)
    yield tmp_path / "events"
    sys.modules.pop("rgbmatrix", None)


def read(events: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in events.read_text().splitlines()]


@pytest.mark.usefixtures("events")
class TestRgbMatrix(BackendContract):
    @pytest.fixture
    def backend(self, events: Path) -> Backend:
        return RgbMatrixBackend()


def test_the_options_reach_the_library(events: Path):
    hardware = {
        "hardware_mapping": "adafruit-hat-pwm", "gpio_slowdown": 3, "scan_mode": 1, "pwm_bits": 9, "pwm_dither_bits": 1,
        "pwm_lsb_nanoseconds": 200, "disable_hardware_pulsing": True, "inverse_colors": False, "show_refresh_rate": False,
        "led_rgb_sequence": "RBG", "limit_refresh_rate_hz": 120, "pixel_mapper_config": "Mirror:H", "orientation": "180",
        "row_address_type": 2, "multiplexing": 4, "panel_type": "FM6126A", "rp1_rio": 1, "colour_of_the_case": "black",
    }  # fmt: skip
    RgbMatrixBackend().open(PanelOptions(width=128, height=64, cols=64, rows=32, chain=2, parallel=2, hardware=hardware))
    assert read(events) == [
        {
            "event": "open", "cols": 64, "rows": 32, "chain_length": 2, "parallel": 2, "drop_privileges": False,
            "hardware_mapping": "adafruit-hat-pwm", "gpio_slowdown": 3, "scan_mode": 1, "pwm_bits": 9, "pwm_dither_bits": 1,
            "pwm_lsb_nanoseconds": 200, "disable_hardware_pulsing": True, "inverse_colors": False, "show_refresh_rate": False,
            "led_rgb_sequence": "RBG", "limit_refresh_rate_hz": 120, "pixel_mapper_config": "Mirror:H;Rotate:180",
            "row_address_type": 2, "multiplexing": 4, "panel_type": "FM6126A",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hardware", "words"),
    [
        ({"gpio_slowdown": "fast"}, "gpio_slowdown is 'fast', but must be a number"),
        ({"gpio_slowdown": -1}, "gpio_slowdown is -1"),
        ({"hardware_mapping": "regular\n--led-daemon"}, "hardware_mapping"),
        ({"hardware_mapping": 4}, "must be text"),
        ({"disable_hardware_pulsing": "yes"}, "must be yes or no"),
        ({"orientation": "45"}, "orientation is '45': use one of normal, 90, 180, 270"),
        ({"orientation": 90}, "the panel has 32x64 pixels, but pictures have 64x32"),
    ],
)
@pytest.mark.usefixtures("events")
def test_a_bad_option_is_a_sentence(hardware: dict[str, Any], words: str):
    with pytest.raises(BackendProblem, match=words):
        RgbMatrixBackend().open(PanelOptions(width=64, height=32, cols=64, rows=32, hardware=hardware))


def test_it_swaps_whole_pictures_with_their_brightness(events: Path):
    backend = RgbMatrixBackend()
    backend.open(OPTIONS)
    backend.show(picture(1, 2, 3), brightness=70)
    backend.close()
    assert read(events)[1:] == [
        {"event": "swap", "brightness": 70, "first": [1, 2, 3], "size": [64, 16]},
        {"event": "swap", "brightness": 70, "first": [0, 0, 0], "size": None},
    ]


def test_without_the_binding_it_says_where_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "rgbmatrix", None)
    with pytest.raises(BackendProblem, match=r"deploy/rgbmatrix\.txt"):
        RgbMatrixBackend().open(OPTIONS)


SIZE = {"width": 64, "height": 32, "cols": 64, "rows": 32}


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {},
        {"width": 64},
        SIZE | {"width": "64"},
        SIZE | {"width": 0},
        SIZE | {"height": 9999},
        SIZE | {"width": True},
        SIZE | {"hardware": ["gpio_slowdown"]},
        SIZE | {"generation": "1"},
    ],
)
def test_damaged_options_are_a_sentence(values: object):
    with pytest.raises(BackendProblem):
        PanelOptions.from_dict(values)


def test_auto_is_headless_without_a_raspberry_pi(tmp_path: Path):
    assert resolve_backend("auto", model_file=tmp_path / "none") == "headless"


@pytest.mark.usefixtures("events")
def test_auto_is_hardware_on_a_raspberry_pi_with_the_binding(tmp_path: Path):
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B Rev 1.4\0")
    assert resolve_backend("auto", model_file=tmp_path / "model") == "rgbmatrix"
    assert resolve_backend("emulator", model_file=tmp_path / "model") == "emulator"


def test_auto_is_headless_on_a_raspberry_pi_without_the_binding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "rgbmatrix", None)
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B Rev 1.4\0")
    assert resolve_backend("auto", model_file=tmp_path / "model") == "headless"


def test_an_unknown_backend_is_a_sentence(tmp_path: Path):
    with pytest.raises(BackendProblem, match="There is no backend 'neon'"):
        make_backend("neon", run_dir=tmp_path)
