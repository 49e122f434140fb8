"""Every way in which a plugin can hurt the panel: the others go on, the culprit is named, and what it started is gone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from display_app.frames.bus import FrameReader
from tests.fakes.panel import FakePanelOwner, until

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


@pytest.fixture
def bad_panel(make_panel: Callable[..., FakePanelOwner]) -> FakePanelOwner:
    panel = make_panel(limits=LIMITS)
    panel.install("bar", "bar", {"display_duration": 1})
    return panel


HOSTILE = {
    "talk-without-end": "it flooded the panel with messages",
    "talk-nonsense": "it sent nonsense to the panel",
}
Culprits = dict[str, tuple[str, dict[str, Any], str, str]]
# What a plugin does wrong: its sample, its settings, words of the reason that a person reads, and the state that follows.
BEHIND_THE_SCENES: Culprits = {
    "raises": ("raises", {"where": "update"}, "ValueError: the data is bad", "backed-off"),
    "raises-at-start": ("raises", {"where": "construct"}, "the data is bad", "needs-configuration"),
    "loops": ("loops", {"where": "update"}, "its update did not end within 2 seconds", "backed-off"),
    "loops-at-start": ("loops", {"where": "construct"}, "it did not start within 2 seconds", "quarantined"),
    "exits": ("exits", {}, "it ended itself (exit code 5)", "quarantined"),
    "exits-politely": ("exits", {"politely": True}, "SystemExit: 3", "backed-off"),
    "segfaults": ("segfaults", {}, "it touched memory that is not its own (SIGSEGV)", "quarantined"),
    "eats-memory": ("eats_memory", {"update_interval": 60}, "MB of memory (120 are allowed)", "quarantined"),
    "eats-memory-at-once": ("eats_memory", {"at_once": True}, "much more memory than the 120 MB that are allowed", "quarantined"),
    "leaks-files": ("leaks_files", {}, "Too many open files", "backed-off"),
    "floods-log": ("floods_log", {}, "It prints more than its log can take", "ready"),
    "storms-threads": ("storms_threads", {}, "threads (40 are allowed)", "quarantined"),
}
IN_THEIR_TURN: Culprits = {
    "raises": ("raises", {"where": "display"}, "ValueError: the data is bad", "backed-off"),
    "loops": ("loops", {"where": "display"}, "drawing did not end within 2 seconds", "quarantined"),
    "wrong-frame": ("wrong_frame", {"how": "type"}, "AttributeError", "backed-off"),
    "wrong-frame-behind": ("wrong_frame", {"how": "behind"}, "not of the size of this panel", "ready"),
    "blocks": ("blocks_in_display", {}, "drawing did not end within 2 seconds", "quarantined"),
    "blocks-natively": ("blocks_in_display", {"native": True}, "did not ", "quarantined"),
    "blocks-later": ("blocks_in_display", {"later": True}, "drawing did not end within 1.5 seconds", "quarantined"),
}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("culprits", [BEHIND_THE_SCENES, IN_THEIR_TURN], ids=["behind the scenes", "in their turn"])
def test_every_culprit_is_named_and_held_while_the_frames_of_the_others_go_on(
    make_panel: Callable[..., FakePanelOwner], culprits: Culprits
) -> None:
    panel = make_panel(limits={**LIMITS, "display_seconds": 1.5, "strikes": 2, "failures": 2, "threads": 40})
    panel.install("bar", "bar", {"display_duration": 1})
    for name, (sample, settings, _, _) in culprits.items():
        panel.install(name, f"bad/{sample}", {"display_duration": 1, "update_interval": 1, **settings})
    panel.start()
    panel.until_showing("bar")
    if culprits is BEHIND_THE_SCENES:
        panel.order("show", plugin_id="bar", mode=None, duration=None, pinned=True)
    bystander = FrameReader(panel.run_dir / "hosts" / "bar.frames")
    drawn_when: dict[tuple[str, str], int] = {}  # how many frames the bystander had drawn when a culprit was named, and held

    def look() -> bool:
        plugins, number = panel.status().get("plugins", {}), (bystander.read() or panel.frame()).number
        for name, (_, _, words, state) in culprits.items():
            found = plugins.get(name, {})
            if words in f"{found.get('reason')} {found.get('last_error')}":
                drawn_when.setdefault((name, "named"), number)
                if found.get("state") == state:
                    drawn_when.setdefault((name, "held"), number)
        return len(drawn_when) == 2 * len(culprits)

    def missing() -> str:
        plugins = panel.status().get("plugins", {})
        return "\n".join(f"{name}: {plugins.get(name)}" for name in culprits if (name, "held") not in drawn_when)

    until(look, seconds=150, what=missing)
    until(lambda: bystander.read().number > max(drawn_when.values()) + 60, what="the bystander goes on")  # type: ignore[union-attr]
    bystander.close()
    assert len(set(drawn_when.values())) > len(culprits) // 2, "it stood still meanwhile"
    assert (panel.plugin("bar")["strikes"], panel.plugin("bar")["restarts"]) == (0, 0)
    if "floods-log" in culprits:
        assert (panel.data_dir / "logs" / "plugins" / "floods-log.log").stat().st_size < 600_000


def test_a_wrong_frame_is_cut_to_the_panel(bad_panel: FakePanelOwner) -> None:
    bad_panel.install("bad", "bad/wrong_frame", {"how": "size", "display_duration": 300})
    bad_panel.order("show", plugin_id="bad", mode=None, duration=None, pinned=True)
    bad_panel.start()
    bad_panel.until_showing("bad")
    frame = bad_panel.frame()
    assert (frame.width, frame.height) == (128, 32)
    assert frame.rgb == bytes((0, 0, 255)) * 128 * 3 + bytes(128 * 29 * 3)
    assert bad_panel.plugin("bad")["strikes"] == 0


def test_a_host_that_talks_to_the_panel_itself_is_ended(bad_panel: FakePanelOwner) -> None:
    for fault in HOSTILE:
        bad_panel.install(fault, "misbehaving", {"fault": fault, "display_duration": 1})
    bad_panel.start()
    named: set[str] = set()

    def all_are_named() -> bool:
        named.update(fault for fault in HOSTILE if HOSTILE[fault] in (bad_panel.plugin(fault).get("last_error") or ""))
        return named == HOSTILE.keys()

    until(all_are_named, seconds=60)
    assert all(bad_panel.plugin(fault)["restarts"] for fault in HOSTILE)


def test_five_strikes_quarantine_until_a_person_or_another_version_releases(bad_panel: FakePanelOwner) -> None:
    for name in ("one", "two"):
        bad_panel.install(name, "bad/exits")
    bad_panel.start()
    until(
        lambda: all(bad_panel.plugin(name).get("state") == "quarantined" for name in ("one", "two")), what=lambda: str(bad_panel.status())
    )
    assert "5 times within 10 minutes, the last time because it ended itself" in bad_panel.plugin("one")["reason"]
    assert bad_panel.plugin("one")["restarts"] == 5
    until(lambda: (found := bad_panel.health("one")) and found.quarantined_at, seconds=3)
    bad_panel.order("release", plugin_id="one")
    bad_panel.change("two", active_generation="g2")
    until(lambda: bad_panel.plugin("one")["restarts"] > 5, seconds=10)
    until(lambda: bad_panel.plugin("two")["restarts"] in range(1, 5), seconds=10)


def test_saved_settings_end_a_wait_at_once(bad_panel: FakePanelOwner) -> None:
    held = {"hang-in-update": "backed-off", "raise-in-display": "backed-off", "exit": "quarantined"}
    for fault in held:
        bad_panel.install(fault, "misbehaving", {"fault": fault, "display_duration": 1})
    bad_panel.start()
    until(lambda: all(bad_panel.plugin(fault).get("state") == state for fault, state in held.items()), seconds=40)
    for fault in held:
        bad_panel.configure(fault, {"fault": "none"})
    until(lambda: all(bad_panel.plugin(fault).get("state") in ("ready", "showing") for fault in held), seconds=15)


def test_a_turn_without_a_picture_passes_and_says_why_at_the_first_miss(bad_panel: FakePanelOwner) -> None:
    reasons = {"nothing-to-show": "It had nothing to show when it was its turn.", "never-draw": "It drew nothing when it was its turn."}
    for fault in reasons:
        bad_panel.install(fault, "misbehaving", {"fault": fault, "display_duration": 300})
    bad_panel.install("blocks", "bad/blocks_in_display", {"display_duration": 300})
    bad_panel.set(limits={**LIMITS, "first_display_seconds": 300})
    reasons["blocks"] = "It brought no picture within a second, so its turn was passed on."
    bad_panel.start()

    def all_are_named() -> bool:
        return all((bad_panel.plugin(name).get("reason") or "").startswith(words) for name, words in reasons.items())

    until(all_are_named, what=lambda: str(bad_panel.status()))
    bad_panel.until_showing("bar")
    assert all(bad_panel.plugin(name)["strikes"] == 0 for name in reasons)


def test_a_still_picture_is_delivered_when_display_returned(bad_panel: FakePanelOwner) -> None:
    bad_panel.install("still", "steady", {"display_duration": 1})
    bad_panel.start()
    bad_panel.until_showing("still")
    number = bad_panel.frame().number
    bad_panel.until_showing("bar")  # after its second, though it has drawn but one picture
    assert bad_panel.plugin("still")["reason"] == ""
    assert bad_panel.frame().number > number


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
    assert bad_panel.plugin("bad")["reason"].startswith("Starting it failed: I do not want to start (RuntimeError in manager.py, line ")
    bad_panel.configure("bad", {"fault": "none"})
    until(lambda: bad_panel.plugin("bad").get("state") in ("ready", "showing"), seconds=5)


def test_one_that_does_not_want_to_end_is_ended_and_so_is_what_it_started(bad_panel: FakePanelOwner) -> None:
    bad_panel.install("bad", "bad/ignores_sigterm")
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
