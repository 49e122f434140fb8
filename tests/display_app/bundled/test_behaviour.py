"""What the bundled plugins do besides drawing: settings, rates, scrolling, readings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from display_app.runtime.session import PluginLoadError
from plugins_app.config.defaults import defaults_of
from plugins_app.config.validation import validate
from plugins_app.package.compatibility import incompatibility
from plugins_app.package.manifest import read_manifest
from plugins_app.package.schema import normalise, read_schema
from tests.display_app.bundled.scenes import BUNDLED, Scene, freeze_clock, running

IDS = ("ledsite-clock", "ledsite-message", "ledsite-system")
LONG = "A message that is certainly wider than every panel in this test, and so it must scroll"


@pytest.mark.parametrize("plugin_id", IDS)
def test_manifest_and_defaults_are_valid(plugin_id: str):
    manifest = read_manifest(BUNDLED / plugin_id)
    schema = normalise(read_schema(BUNDLED / plugin_id))
    assert (manifest.id, incompatibility(manifest.raw)) == (plugin_id, None)
    assert validate(schema, defaults_of(schema)) == []


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("", "20"), ("UTC", "18"), ("Asia/Tokyo", "03"), ("America/New_York", "14")],
    ids=["inherited", "utc", "east", "west"],
)
def test_the_clock_follows_its_time_zone(tmp_path: Path, zone: str, hour: str):
    with running(Scene("clock", "ledsite-clock", {"timezone": zone}, prepare=freeze_clock), (64, 32), root=tmp_path) as (session, _):
        plugin = session._plugin
        assert f"{plugin.now(plugin.zone):%H}" == hour


def test_a_time_zone_that_does_not_exist_needs_configuration(tmp_path: Path):
    with pytest.raises(PluginLoadError) as problem:
        with running(Scene("clock", "ledsite-clock", {"timezone": "Mars/Olympus"}), (64, 32), root=tmp_path):
            pass
    assert problem.value.at == "validate"


@pytest.mark.parametrize(
    ("plugin_id", "change"),
    [
        ("ledsite-clock", {"hours": "12"}),
        ("ledsite-message", {"text": "Bye"}),
        ("ledsite-message", {"text": LONG}),
        ("ledsite-system", {"fahrenheit": True}),
    ],
)
def test_changed_settings_show_without_a_restart(tmp_path: Path, plugin_id: str, change: dict[str, Any]):
    scene = Scene("any", plugin_id, {"text": "Hello"} if plugin_id == "ledsite-message" else {}, prepare=prepare)
    with running(scene, (64, 32), root=tmp_path) as (session, frames):
        mode = session.modes[-1]
        session.display(mode, force_clear=True)
        assert session.apply_config(session.spec.config | change)
        session.display(mode)
        assert len(frames) == 2
        assert frames[0].tobytes() != frames[1].tobytes()


def prepare(plugin: Any) -> None:
    if plugin.plugin_id == "ledsite-clock":
        freeze_clock(plugin)
    if plugin.plugin_id == "ledsite-system":
        plugin.readings = type(plugin.readings)(load=1, memory=2, celsius=51, uptime=3)


def test_a_short_message_stands_still_and_costs_nothing(tmp_path: Path):
    with running(Scene("message", "ledsite-message", {"text": "Hi"}), (64, 32), root=tmp_path) as (session, frames):
        session.display("ledsite-message", force_clear=True)
        session.display("ledsite-message")
        assert not session.wants_high_rate()
        assert not session.dwell("ledsite-message").dynamic
        assert frames[0].tobytes() == frames[1].tobytes()


def test_an_empty_message_is_left_out(tmp_path: Path):
    with running(Scene("message", "ledsite-message", {"text": "  "}), (64, 32), root=tmp_path) as (session, _):
        assert session.display("ledsite-message", force_clear=True) is False
        assert not session.wants_high_rate()


def test_a_long_message_scrolls_at_its_speed_until_it_has_passed(tmp_path: Path):
    with running(Scene("message", "ledsite-message", {"text": LONG, "speed": 50}), (64, 32), root=tmp_path) as (session, frames):
        now = 0.0
        plugin = session._plugin
        plugin.scroll_helper._clock = lambda: now
        session.begin_mode("ledsite-message")
        session.display("ledsite-message", force_clear=True)
        first = frames[-1]
        now = 1.0
        session.display("ledsite-message")
        assert first.crop((50, 0, 64, 32)).tobytes() == frames[-1].crop((0, 0, 14, 32)).tobytes()
        assert session.wants_high_rate()
        assert not session.is_cycle_complete()
        length = plugin.scroll_helper.total_scroll_width / 50
        assert session.dwell("ledsite-message").maximum == pytest.approx(length)
        now += length
        session.display("ledsite-message")
        assert session.is_cycle_complete()


def test_the_machine_is_read(tmp_path: Path):
    machine = tmp_path / "machine"
    for name, text in {
        "proc/loadavg": "1.00 0.50 0.25 1/200 4242\n",
        "proc/meminfo": "MemTotal:  4000 kB\nMemFree: 10 kB\nMemAvailable:  1000 kB\n",
        "proc/uptime": "3600.55 7000.00\n",
        "sys/class/thermal/thermal_zone0/temp": "41250\n",
        "sys/class/thermal/thermal_zone1/temp": "52800\n",
        "sys/class/thermal/thermal_zone2/temp": "nonsense\n",
    }.items():
        (machine / name).parent.mkdir(parents=True, exist_ok=True)
        (machine / name).write_text(text)
    with running(Scene("status", "ledsite-system"), (64, 32), root=tmp_path):
        from readings import Readings, read_machine

        assert read_machine(machine, cores=4) == Readings(load=25, memory=75, celsius=53, uptime=3600)
        assert read_machine(tmp_path / "nowhere") == Readings()


def test_a_machine_that_says_nothing_has_no_status_page(tmp_path: Path):
    with running(Scene("status", "ledsite-system"), (64, 32), root=tmp_path) as (session, _):
        assert session.display("ledsite-system-status", force_clear=True) is False


@pytest.mark.parametrize(("setting", "mode"), [("show_address", "ledsite-system-address"), ("show_status", "ledsite-system-status")])
def test_a_page_that_is_switched_off_is_left_out(tmp_path: Path, setting: str, mode: str):
    with running(Scene("system", "ledsite-system", {setting: False}, prepare=prepare), (64, 32), root=tmp_path) as (session, _):
        assert session.display(mode, force_clear=True) is False
