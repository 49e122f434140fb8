"""Every way in which a plugin can hurt the panel: the others go on, the culprit is named, and what it started is gone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.panel import FakePanelOwner, GapWatch, until

pytestmark = pytest.mark.process

LIMITS = {
    "construct_seconds": 2.0,
    "first_display_seconds": 2.0,
    "display_seconds": 2.0,
    "update_seconds": 1.0,
    "update_grace_seconds": 1.0,
    "silence_seconds": 3.0,
    "memory_mb": 120,
    "stop_seconds": 0.5,
}
STANDSTILL = 1.5


@pytest.fixture
def bad_panel(make_panel: Callable[..., FakePanelOwner]) -> FakePanelOwner:
    panel = make_panel(limits=LIMITS)
    panel.install("bar", "bar", {"display_duration": 1})
    return panel


def watch_until(panel: FakePanelOwner, condition: Callable[[], Any], *, seconds: float = 25.0) -> list[float]:
    panel.until_showing("bar")
    watch = GapWatch(panel.reader)

    def looked() -> Any:
        watch.watch(0.1)
        return condition()

    until(looked, seconds=seconds, what=lambda: f"{panel.status()} {panel.log.read_text()}")
    return watch.gaps


FATAL = {
    "segfault": "it crashed (SIGSEGV)",
    "exit": "it ended itself (exit code 5)",
    "hang-in-update": "its update did not end within 2 seconds",
    "hang-in-display": "drawing did not end within 2 seconds",
    "hold-the-interpreter": "did not",
    "eat-memory": "memory",
    "hang-at-start": "it did not start within 2 seconds",
    "talk-without-end": "it flooded the panel with messages",
    "talk-nonsense": "it sent nonsense to the panel",
}


def test_what_ends_a_host_is_a_strike_with_a_reason_and_the_others_go_on(bad_panel: FakePanelOwner) -> None:
    for fault in FATAL:
        bad_panel.install(fault, "misbehaving", {"fault": fault, "display_duration": 1})
    bad_panel.start()
    named: dict[str, str] = {}

    def all_are_named() -> bool:
        for fault in FATAL:
            error = bad_panel.plugin(fault).get("last_error") or ""
            if FATAL[fault] in error:
                named[fault] = error
        return named.keys() == FATAL.keys()

    gaps = watch_until(bad_panel, all_are_named, seconds=60)
    assert max(gaps) < STANDSTILL
    assert all(bad_panel.plugin(fault)["restarts"] for fault in FATAL)


def test_five_strikes_quarantine_until_someone_releases(bad_panel: FakePanelOwner) -> None:
    bad_panel.install("bad", "misbehaving", {"fault": "exit"})
    bad_panel.start()
    gaps = watch_until(bad_panel, lambda: bad_panel.plugin("bad").get("state") == "quarantined")
    assert max(gaps) < STANDSTILL
    assert "5 times within 10 minutes" in bad_panel.plugin("bad")["reason"]
    until(lambda: (found := bad_panel.health("bad")) and found.quarantined_at, seconds=3)
    bad_panel.order("release", plugin_id="bad")
    until(lambda: bad_panel.plugin("bad")["restarts"] > 5, seconds=10)


def test_saved_settings_end_a_wait_at_once(bad_panel: FakePanelOwner) -> None:
    held = {"hang-in-update": "backed-off", "raise-in-display": "backed-off", "exit": "quarantined"}
    for fault in held:
        bad_panel.install(fault, "misbehaving", {"fault": fault, "display_duration": 1})
    bad_panel.start()
    until(lambda: all(bad_panel.plugin(fault).get("state") == state for fault, state in held.items()), seconds=40)
    for fault in held:
        bad_panel.configure(fault, {"fault": "none"})
    until(lambda: all(bad_panel.plugin(fault).get("state") in ("ready", "showing") for fault in held), seconds=15)


def test_a_turn_without_a_picture_passes_and_says_why(bad_panel: FakePanelOwner) -> None:
    reasons = {
        "nothing-to-show": "It had nothing to show when it was its turn.",
        "never-draw": "It drew nothing when it was its turn.",
        "sys-exit": "SystemExit: 3",
        "raise-in-display": "ValueError: I cannot draw",
    }
    for fault in (*reasons, "flood-log"):
        bad_panel.install(fault, "misbehaving", {"fault": fault, "display_duration": 1})
    bad_panel.start()
    shown: set[str | None] = set()

    def all_are_named() -> bool:
        shown.add(bad_panel.now())
        found = [text in (bad_panel.plugin(fault).get("reason") or "") for fault, text in reasons.items()]
        return all(found) and bad_panel.plugin("raise-in-display").get("state") == "backed-off"

    gaps = watch_until(bad_panel, all_are_named, seconds=60)
    assert max(gaps) < STANDSTILL
    assert {"bar", "flood-log"} <= shown
    assert all(bad_panel.plugin(fault)["strikes"] == 0 for fault in (*reasons, "flood-log"))
    log = bad_panel.data_dir / "logs" / "plugins" / "flood-log.log"
    until(log.exists)
    assert log.stat().st_size < 600_000


def test_half_of_a_character_in_an_error_can_be_told_and_stored(bad_panel: FakePanelOwner) -> None:
    bad_panel.install("bad", "misbehaving", {"fault": "half-a-character"})
    bad_panel.start()
    until(lambda: bad_panel.plugin("bad").get("last_error") == "ValueError: the file is called ?")
    until(lambda: (found := bad_panel.health("bad")) and found.last_error == "ValueError: the file is called ?")


def test_a_wish_to_be_shown_for_ever_ends_after_a_week(bad_panel: FakePanelOwner) -> None:
    bad_panel.install("bad", "misbehaving", {"fault": "wish-for-ever"})
    bad_panel.start()
    director = bad_panel.processes().get("director")
    until(lambda: (bad_panel.status().get("on_demand") or {}).get("until"))
    assert bad_panel.status()["on_demand"]["duration"] == 7 * 86400
    assert director in (None, bad_panel.processes()["director"])


def test_a_plugin_that_does_not_start_says_why(bad_panel: FakePanelOwner) -> None:
    bad_panel.install("bad", "misbehaving", {"fault": "raise-at-start"})
    bad_panel.start()
    until(lambda: bad_panel.plugin("bad").get("state") == "needs-configuration")
    assert bad_panel.plugin("bad")["reason"] == "RuntimeError: I do not want to start"
    bad_panel.configure("bad", {"fault": "none"})
    until(lambda: bad_panel.plugin("bad").get("state") in ("ready", "showing"), seconds=5)


def test_one_that_does_not_want_to_end_is_ended_and_so_is_what_it_started(bad_panel: FakePanelOwner) -> None:
    bad_panel.install("bad", "misbehaving", {"fault": "ignore-sigterm"})
    bad_panel.install("parent", "misbehaving", {"fault": "leave-a-child"})
    bad_panel.start()
    until(lambda: {"host bad", "host parent"} <= bad_panel.processes().keys())
    zygote = bad_panel.processes()["zygote"]
    hosts = {bad_panel.processes()[name] for name in bad_panel.processes() if name.startswith("host ")}
    bad_panel.change("bad", enabled=False)
    bad_panel.change("parent", enabled=False)
    until(lambda: not {"host bad", "host parent"} & bad_panel.processes().keys(), seconds=3)
    until(lambda: len(_children(zygote)) == 1, seconds=8, what=lambda: f"{_children(zygote)} of {hosts}")
    assert bad_panel.stop() < 3


def test_what_a_plugin_started_ends_even_when_the_zygote_dies(bad_panel: FakePanelOwner) -> None:
    bad_panel.install("parent", "misbehaving", {"fault": "keep-a-child"})
    bad_panel.start()
    note = bad_panel.plugin_dir / "parent" / "child.pid"
    child = int(until(lambda: note.exists() and note.read_text()))
    os.kill(bad_panel.processes()["zygote"], signal.SIGKILL)
    until(lambda: not Path(f"/proc/{child}").exists(), seconds=5)


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
