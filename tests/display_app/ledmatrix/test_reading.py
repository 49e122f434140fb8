"""LEDMatrix's words about the panel, in ours; whatever is in them, what can be understood is taken and the rest named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display_app.ledmatrix.hardware import OPTIONS, read_geometry
from display_app.ledmatrix.reading import read_durations, read_words, with_ids
from tests.fakes.ledmatrix import CONFIG
from tests.plugins_app.ledmatrix.test_document import anything

HARDWARE = {
    "rows": 32, "cols": 64, "chain_length": 4, "parallel": 2, "brightness": 90.0, "hardware_mapping": "adafruit-hat-pwm", "scan_mode": 0,
    "pwm_bits": 9, "disable_hardware_pulsing": False, "pixel_mapper_config": "", "orientation": "180", "panel_type": "FM6126A",
}  # fmt: skip


def words(display: dict[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    return {**CONFIG, "display": {**CONFIG["display"], **(display or {})}, **others}


def test_everything_that_has_a_counterpart() -> None:
    ticker = {"enabled": True, "scroll_speed": 42, "separator_width": 16, "plugin_order": ["b", "a", "b"], "excluded_plugins": ["d", "c"]}
    read = read_words(
        words(
            {
                "hardware": HARDWARE,
                "vegas_scroll": ticker,
                "dynamic_duration": {"max_duration_seconds": 120},
                "display_durations": {"m": 9},
            },
            dim_schedule={"enabled": True, "dim_brightness": 20},
        )
    )
    assert read.settings == {
        "/brightness": 90,
        "/longest_cycle": 120,
        "/location/city": "Hamburg",
        "/location/state": "",
        "/location/country": "DE",
        "/ticker/enabled": True,
        "/ticker/speed": 42,
        "/ticker/gap": 16,
        "/ticker/order": ["b", "a"],
        "/ticker/excluded": ["c", "d"],
        "/hardware/hardware_mapping": "adafruit-hat-pwm",
        "/hardware/scan_mode": 0,
        "/hardware/pwm_bits": 9,
        "/hardware/disable_hardware_pulsing": False,
        "/hardware/orientation": "180",
        "/hardware/panel_type": "FM6126A",
        "/hardware/gpio_slowdown": 3,
        "/schedules": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "06:30", "end": "22:00"}],
        "/dimming": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "20:00", "end": "07:00", "brightness": 20}],
    }
    assert (read.panel, read.time_zone, read.durations, read.refused) == ("64x32x4x2", "Europe/Berlin", {"m": 9}, ())
    assert read.origins["/hardware/gpio_slowdown"] == "/display/runtime/gpio_slowdown"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scan_mode", "fast"),
        ("pwm_bits", -1),
        ("pwm_bits", [11]),
        ("hardware_mapping", "a\nb"),
        ("inverse_colors", "yes"),
        ("orientation", "sideways"),
        ("orientation", "90"),  # the picture would have another shape
        ("pixel_mapper_config", "U-mapper"),
        ("led_no_such", 1),
    ],
)
def test_an_option_that_would_keep_the_panel_dark_is_refused(name: str, value: Any) -> None:
    read = read_words(words({"hardware": {**HARDWARE, name: value}}))
    assert [(each.path, each.value) for each in read.refused] == [(f"/display/hardware/{name}", value)]
    assert f"/hardware/{name}" not in read.settings


@pytest.mark.parametrize("value", ["Mirror:H", "Rotate:180", "mirror:v;Rotate:0"])
def test_mappings_that_keep_the_shape_are_taken(value: str) -> None:
    assert read_words(words({"hardware": {"pixel_mapper_config": value}})).settings["/hardware/pixel_mapper_config"] == value


def test_a_square_panel_may_be_turned() -> None:
    square = {"rows": 64, "cols": 64, "chain_length": 1, "parallel": 1, "orientation": "90"}
    assert read_words(words({"hardware": square})).settings["/hardware/orientation"] == "90"


@pytest.mark.parametrize("hardware", [{"rows": 0}, {"cols": True}, {"rows": "32"}, {"cols": 64, "chain_length": 99, "parallel": 9}])
def test_a_geometry_that_is_none_is_refused(hardware: dict[str, Any]) -> None:
    panel, refused = read_geometry(hardware)
    assert (panel, bool(refused)) == ("", True)


def test_what_has_no_counterpart_is_named_with_the_reason() -> None:
    left = read_words(
        words({"double_sided": {"enabled": True}, "use_short_date_format": True}, sync={"role": "leader"}, target_fps=100)
    ).left_out
    assert set(left) == {"/display/double_sided", "/display/use_short_date_format", "/sync", "/target_fps"}
    assert all(left.values())


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", 5, [], "Europe", "a" * 5000, "\x00"])
def test_a_time_zone_that_is_none_is_refused(zone: Any) -> None:
    read = read_words(words(timezone=zone))
    assert (read.time_zone, [each.path for each in read.refused]) == ("", ["/timezone"])


def test_plugins_in_the_ticker_have_their_ids_here() -> None:
    read = read_words(words({"vegas_scroll": {"plugin_order": ["weather", "x"], "excluded_plugins": ["weather", "a"]}}))
    mapped = with_ids(read, {"weather": "ledmatrix-weather"}).settings
    assert (mapped["/ticker/order"], mapped["/ticker/excluded"]) == (["ledmatrix-weather", "x"], ["a", "ledmatrix-weather"])


def test_seconds_of_modes_go_to_the_plugin_whose_modes_they_are() -> None:
    read = read_words(words({"display_durations": {"rain": 9, "snow": 8, "both": 7, "nobody": 6}}))
    settings, origins, refused = read_durations(read, modes={"rain": "weather", "snow": "ski", "both": ""}, settled={"ski"})
    assert settings == {"/durations/weather/rain": 9}
    assert origins == {"/durations/weather/rain": "/display/display_durations/rain"}
    assert [(each.path, each.value) for each in refused] == [
        (f"/display/display_durations/{name}", value) for name, value in (("snow", 8), ("both", 7), ("nobody", 6))
    ]


keys = st.sampled_from(
    [
        "hardware",
        "runtime",
        "vegas_scroll",
        "display_durations",
        "dynamic_duration",
        "plugin_rotation_order",
        "ledsite",
        *OPTIONS,
        "rows",
        "enabled",
    ]
)
hostile = st.recursive(anything, lambda inner: st.dictionaries(keys, inner, max_size=5), max_leaves=20)


@given(
    st.fixed_dictionaries(
        {}, optional={name: hostile for name in ("display", "schedule", "dim_schedule", "timezone", "location", "sync", "fonts")}
    )
)
def test_whatever_they_hold_words_are_read(words: dict[str, Any]) -> None:
    read = read_words(words)
    with_ids(read, {"a": "b"})
    read_durations(read, modes={}, settled=())
    assert read.origins.keys() == read.settings.keys()
    assert all(each.reason for each in read.refused)
