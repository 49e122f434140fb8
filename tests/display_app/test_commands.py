"""What the panel can be told: checks, rows, and the wake-up after the commit."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from display_app import commands
from display_app.hosting.limits import Limits
from display_app.models import DisplayCommand, DisplaySettings, PluginHealth
from display_app.rotation.ticker import TickerSettings
from plugins_app.exceptions import BadRequest, Conflict
from plugins_app.models import AuditEntry, Plugin

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock_plugin() -> Plugin:
    return Plugin.objects.create(plugin_id="clock", name="Clock", version="1", source="local", active_generation="g1", enabled=True)


@pytest.fixture
def director_socket() -> Iterator[socket.socket]:
    settings.LEDSITE.run_dir.mkdir(parents=True, exist_ok=True)
    path = settings.LEDSITE.run_dir / "director.sock"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.settimeout(5)
        yield listener
    path.unlink()


def test_show_leaves_a_command_and_an_audit_line(clock_plugin: Plugin) -> None:
    command = commands.show("clock", mode="digital", duration=30, pinned=True, requested_by="ann")
    assert command.arguments == {"plugin_id": "clock", "mode": "digital", "duration": 30.0, "pinned": True}
    assert AuditEntry.objects.get().what == "display-show"


def test_show_of_an_unknown_plugin_is_refused() -> None:
    with pytest.raises(Conflict) as raised:
        commands.show("clock", requested_by="ann")
    assert raised.value.code == "not-installed"


@pytest.mark.parametrize(
    ("fields", "code"), [({"enabled": False}, "disabled"), ({"missing": True}, "missing"), ({"active_generation": ""}, "missing")]
)
def test_show_says_why_a_plugin_cannot_be_shown(clock_plugin: Plugin, fields: dict[str, object], code: str) -> None:
    Plugin.objects.update(**fields)
    with pytest.raises(Conflict) as raised:
        commands.show("clock", requested_by="ann")
    assert raised.value.code == code
    assert not DisplayCommand.objects.exists()


def test_show_of_a_quarantined_plugin_tells_the_reason_but_another_version_may_show(clock_plugin: Plugin) -> None:
    health = PluginHealth.objects.create(plugin_id="clock", generation="g1", quarantined_at=timezone.now(), quarantine_reason="It crashed.")
    with pytest.raises(Conflict, match="It crashed") as raised:
        commands.show("clock", requested_by="ann")
    assert raised.value.code == "quarantined"
    health.generation = "g0"
    health.save()
    assert commands.show("clock", requested_by="ann").pk


@pytest.mark.parametrize("duration", [0, -1, True, "10", float("nan"), float("inf"), 1e9])
def test_a_bad_duration_is_refused(clock_plugin: Plugin, duration: object) -> None:
    with pytest.raises(BadRequest) as raised:
        commands.show("clock", duration=duration, requested_by="ann")  # type: ignore[arg-type]
    assert raised.value.code == "bad-duration"


def test_settings_change_and_say_what_is_live() -> None:
    changed = commands.change_settings({"brightness": 40, "hardware": {"gpio_slowdown": 4}, "paused": False}, requested_by="ann")
    assert changed == {"brightness": "live", "hardware": "driver-restart"}
    assert commands.read_settings() == {
        "power": True,
        "brightness": 40,
        "paused": False,
        "default_duration": 15.0,
        "durations": {},
        "longest_cycle": 180.0,
        "transition": "cut",
        "transition_seconds": 0.5,
        "ticker": TickerSettings().to_dict(),
        "schedules": [],
        "dimming": [],
        "override": None,
        "hardware": {"gpio_slowdown": 4},
        "limits": asdict(Limits()),
        "location": {"city": "", "state": "", "country": ""},
    }


def test_of_the_ticker_what_is_not_named_stays() -> None:
    assert commands.change_settings({"ticker": {"enabled": True, "speed": 80}}, requested_by="ann") == {"ticker": "live"}
    assert commands.change_settings({"ticker": {"gap": 10, "plugins": {"clock": {"way": "static"}}}}, requested_by="ann") == {
        "ticker": "live"
    }
    ticker = commands.read_settings()["ticker"]
    assert (ticker["enabled"], ticker["speed"], ticker["gap"]) == (True, 80.0, 10)
    assert ticker["plugins"] == {"clock": {"way": "static", "weight": None}}
    with pytest.raises(BadRequest) as raised:
        commands.change_settings({"ticker": {"speed": 0}}, requested_by="ann")
    assert raised.value.details == [{"path": "ticker", "message": "speed must be a number from 1 to 500"}]


def test_durations_of_single_modes_are_kept_without_empty_ones() -> None:
    commands.change_settings({"durations": {"clock": {"big": 20, "small": None}, "other": {}}}, requested_by="ann")
    assert commands.read_settings()["durations"] == {"clock": {"big": 20.0}}
    with pytest.raises(BadRequest) as raised:
        commands.change_settings({"durations": {"clock": {"big": 0}}}, requested_by="ann")
    assert raised.value.details == [{"path": "durations", "message": "clock.big must be a number of seconds from 1 to 3600"}]


def test_limits_of_plugins_are_merged_and_null_is_the_default_again() -> None:
    assert commands.change_settings({"limits": {"memory_mb": 300, "strikes": 5}}, requested_by="ann") == {"limits": "live"}
    assert commands.change_settings({"limits": {"threads": 50}}, requested_by="ann") == {"limits": "live"}
    assert DisplaySettings.load().limits == {"memory_mb": 300, "threads": 50}
    assert commands.read_settings()["limits"] == asdict(Limits(memory_mb=300, threads=50))
    assert commands.change_settings({"limits": {"memory_mb": None, "threads": 50}}, requested_by="ann") == {"limits": "live"}
    assert DisplaySettings.load().limits == {"threads": 50}
    assert commands.change_settings({"limits": commands.read_settings()["limits"]}, requested_by="ann") == {}


@pytest.mark.parametrize(
    "values",
    [
        {"brightness": 101},
        {"brightness": True},
        {"brightness": "50"},
        {"power": 1},
        {"default_duration": 0},
        {"nonsense": 1},
        {"hardware": {"A-b": 1}},
        {"hardware": {"rows": [1]}},
        {"hardware": {"rows": 2**31}},
        {"hardware": {"rows": 10**100}},
        {"hardware": {"mapping": "\ud800"}},
        {"hardware": {"mapping": "a\0b"}},
        {"hardware": []},
        {"transition": "explode"},
        {"transition": ["cut"]},
        {"transition_seconds": 0},
        {"transition_seconds": 3.5},
        {"schedules": {"mon": "07:00"}},
        {"dimming": [{"start": "07:00", "end": "08:00"}]},
        {"override": {"brightness": 5}},
        {"override": {"seconds": 5}},
        {"limits": {"memory_mb": 1}},
        {"limits": {"speed": 1}},
        {"limits": []},
        {"override": {"seconds": 0, "brightness": 5}},
        {"override": {"seconds": 5, "brightness": 500}},
        {"override": {"seconds": 5, "power": "on"}},
    ],
)
def test_one_bad_setting_changes_nothing(values: dict[str, object]) -> None:
    with pytest.raises(BadRequest) as raised:
        commands.change_settings({"brightness": 10} | values, requested_by="ann")
    assert raised.value.code == "settings-invalid"
    assert [problem["path"] for problem in raised.value.details] == list(values)
    assert DisplaySettings.load().brightness == 80


def test_schedules_are_kept_with_all_their_parts() -> None:
    values = {"schedules": [{"start": "07:00", "end": "22:00", "days": ["sun", "mon"]}]}
    assert commands.change_settings(values, requested_by="ann") == {"schedules": "live"}
    assert DisplaySettings.load().schedules == [{"days": ["mon", "sun"], "start": "07:00", "end": "22:00"}]


def test_an_override_is_kept_with_its_end_and_may_be_sent_back_as_it_was_read() -> None:
    before = timezone.now()
    assert commands.change_settings({"override": {"brightness": 5, "seconds": 60}}, requested_by="ann") == {"override": "live"}
    kept = commands.read_settings()["override"]
    assert 59 <= (datetime.fromisoformat(kept["until"]) - before).total_seconds() <= 70
    assert commands.change_settings({"override": kept}, requested_by="ann") == {}
    assert commands.change_settings({"override": None}, requested_by="ann") == {"override": "live"}


def test_settings_that_are_no_object_are_refused() -> None:
    with pytest.raises(BadRequest):
        commands.change_settings(["power"], requested_by="ann")


@pytest.mark.django_db(transaction=True)
def test_the_director_is_woken_after_the_commit(director_socket: socket.socket) -> None:
    commands.show_next(requested_by="ann")
    assert director_socket.recv(16)
    assert DisplayCommand.objects.get().kind == "next"
