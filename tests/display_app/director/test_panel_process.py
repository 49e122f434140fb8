"""The whole panel as processes: who shows, how fast, and what is left when something is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from display_app.rotation.schedule import DAYS
from tests.fakes.panel import FakePanelOwner, GapWatch, until

pytestmark = pytest.mark.process

RED, GREEN = (200, 0, 0), (0, 200, 0)


def colours(panel: FakePanelOwner) -> set[tuple[int, ...]]:
    rgb = panel.frame().rgb
    return {tuple(rgb[at : at + 3]) for at in range(0, len(rgb), 3)}


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_plugins_join_show_and_leave_without_a_restart(panel: FakePanelOwner) -> None:
    panel.start()
    until(lambda: panel.status().get("isolation"), what="the isolation is tested")
    assert panel.now() is None
    panel.install("red", "steady", {"color": [200, 0, 0]}, introduced_at=timezone.now())
    panel.until_showing("red", seconds=3)
    assert RED in colours(panel)
    panel.install("green", "steady", {"color": [0, 200, 0]}, introduced_at=timezone.now())
    panel.until_showing("green", seconds=3)
    assert GREEN in colours(panel)
    panel.change("green", enabled=False)
    panel.until_showing("red", seconds=3)
    until(lambda: "host green" not in panel.processes(), seconds=3)
    assert panel.stop() < 3


def test_commands_settings_and_power_reach_the_panel(panel: FakePanelOwner) -> None:
    panel.install("red", "steady", {"color": [200, 0, 0], "display_duration": 300})
    panel.start()
    panel.until_showing("red")
    panel.install("green", "steady", {"color": [0, 200, 0], "display_duration": 300})
    until(lambda: panel.plugin("green").get("state") == "ready")
    panel.order("show", plugin_id="green", mode=None, duration=60, pinned=False)
    panel.until_showing("green", seconds=2)
    assert panel.status()["now"]["reason"] == "on-demand"
    panel.order("stop-showing")
    panel.until_showing("red", seconds=2)
    panel.order("next")
    panel.until_showing("green", seconds=2)
    panel.configure("green", {"color": [0, 0, 99], "display_duration": 300})
    until(lambda: (0, 0, 99) in colours(panel), seconds=3, what="the new colour")
    panel.set(brightness=33)
    until(lambda: panel.frame().brightness == 33, seconds=2)
    panel.set(power=False)
    until(lambda: colours(panel) == {(0, 0, 0)}, seconds=2)
    panel.set(power=True)
    until(lambda: colours(panel) != {(0, 0, 0)}, seconds=2)


def test_changed_settings_that_a_running_plugin_refuses_are_named_until_they_are_mended(panel: FakePanelOwner) -> None:
    panel.install("red", "steady", {"display_duration": 300})
    panel.install("city", "picky", {"display_duration": 300})
    panel.start()
    until(lambda: panel.plugin("city").get("state") in ("ready", "showing"), what=lambda: str(panel.status()))
    panel.order("show", plugin_id="city", mode=None, duration=None, pinned=False)
    panel.until_showing("city")
    pid = panel.plugin("city")["pid"]
    panel.configure("city", {"city": "Atlantis"})
    until(lambda: panel.plugin("city")["state"] == "needs-configuration", what=lambda: str(panel.status()))
    while_running = panel.plugin("city")["reason"]
    assert while_running == ("The plugin does not accept its settings: There is no city 'Atlantis'.")
    panel.until_showing("red")
    until(lambda: is_gone(pid) and "host city" not in panel.processes(), what="the host has left")
    assert (panel.plugin("city")["strikes"], panel.plugin("city")["state"]) == (0, "needs-configuration")
    panel.stop()
    panel.start()
    until(lambda: panel.plugin("city").get("state") == "needs-configuration")
    assert panel.plugin("city")["reason"] == while_running
    panel.configure("city", {"city": "Berlin"})
    until(lambda: panel.plugin("city")["state"] in ("ready", "showing"))


def test_a_schedule_switches_the_panel_off_unless_something_is_asked_for(panel: FakePanelOwner) -> None:
    later = (timezone.now() + timedelta(hours=12)).strftime("%H:%M")
    panel.install("red", "steady", {"color": [200, 0, 0], "display_duration": 300})
    panel.set(schedules=[{"days": list(DAYS), "start": later, "end": later}], dimming=[{"start": "00:00", "end": "23:59", "brightness": 7}])
    panel.start()
    until(lambda: panel.plugin("red").get("state") == "ready")
    assert (panel.status()["power"], panel.status()["power_reason"], panel.now()) == (False, "schedule", None)
    panel.order("show", plugin_id="red", mode=None, duration=60, pinned=False)
    panel.until_showing("red", seconds=3)
    assert (panel.status()["power_reason"], panel.status()["brightness_reason"]) == ("asked-for", "dimming")
    assert (RED in colours(panel), panel.frame().brightness) == (True, 7)
    panel.order("stop-showing")
    until(lambda: colours(panel) == {(0, 0, 0)}, seconds=3)
    ends = (timezone.now() + timedelta(seconds=60)).isoformat()
    panel.set(override={"power": True, "brightness": 90, "seconds": 60, "until": ends})
    until(lambda: RED in colours(panel) and panel.frame().brightness == 90, seconds=3)


def test_a_notification_interrupts_the_panel_and_gives_it_back(panel: FakePanelOwner) -> None:
    panel.install("red", "steady", {"color": [200, 0, 0], "display_duration": 300})
    panel.start()
    panel.until_showing("red")
    panel.notify(text="bell", colour="#00c8c8", hold=1.0)
    until(lambda: (0, 200, 200) in colours(panel), seconds=2, what="the words")
    until(lambda: (panel.status()["now"] or {}).get("reason") == "notification", seconds=1)
    panel.until_showing("red", seconds=4)
    assert RED in colours(panel)
    until(lambda: panel.notifications() == [("bell", "shown")], seconds=3, what="its end is written down")
    panel.order("show", plugin_id="red", mode=None, duration=60, pinned=False)
    until(lambda: panel.status()["now"]["reason"] == "on-demand")
    panel.notify(text="calm", hold=60.0)
    panel.notify(text="fire", colour="#c800c8", hold=60.0, is_urgent=True)
    until(lambda: (200, 0, 200) in colours(panel), seconds=2)
    panel.put_away("fire")
    panel.until_showing("red", seconds=2)


def test_a_turn_fades_into_the_next(panel: FakePanelOwner) -> None:
    panel.install("red", "steady", {"color": [200, 0, 0], "display_duration": 300})
    panel.set(transition="fade", transition_seconds=1.5)
    panel.start()
    until(lambda: RED in colours(panel))
    panel.install("green", "steady", {"color": [0, 200, 0], "display_duration": 300})
    until(lambda: panel.plugin("green").get("state") == "ready")
    before = panel.frame().number
    panel.order("show", plugin_id="green", mode=None, duration=60, pinned=False)
    until(lambda: any(red and green for red, green, _ in colours(panel)), seconds=5, what="a mixed picture")
    until(lambda: GREEN in colours(panel) and RED not in colours(panel), seconds=5)
    assert panel.frame().number - before > 20


def test_who_asked_is_told_how_it_ended_and_modes_last_as_long_as_is_set(panel: FakePanelOwner) -> None:
    panel.install("red", "steady", {"color": [200, 0, 0], "display_duration": 300})
    panel.install("mute", "ticking", {"color": [1, 1, 1], "fault": "says no"})
    panel.set(durations={"red": {"red": 77}})
    panel.start()
    panel.until_showing("red")
    turn = panel.status()["now"]
    assert 76 < (datetime.fromisoformat(turn["until"]) - datetime.fromisoformat(turn["since"])).total_seconds() < 78
    until(lambda: panel.plugin("mute").get("state") == "ready")
    panel.order("show", plugin_id="mute", mode=None, duration=60, pinned=False)
    ended = until(lambda: panel.status()["last_on_demand"], seconds=5)
    assert (ended["plugin_id"], ended["outcome"], ended["reason"]) == ("mute", "declined", "It had nothing to show when it was its turn.")
    panel.order("show", plugin_id="gone", mode=None, duration=60, pinned=False)
    until(lambda: panel.status()["last_on_demand"]["reason"] == "gone is not switched on.", seconds=5)


def test_a_plugin_whose_files_are_exchanged_is_stopped_until_the_operation_is_done(panel: FakePanelOwner) -> None:
    panel.install("red", "steady", {"color": [200, 0, 0]})
    panel.install("green", "steady", {"color": [0, 200, 0]})
    panel.start()
    until(lambda: {"host red", "host green"} <= panel.processes().keys())
    operation = panel.operation("red", "committed")
    until(lambda: "host red" not in panel.processes(), seconds=3)
    assert panel.now() == "green" or panel.until_showing("green", seconds=3) is None
    operation.status, operation.phase = "succeeded", "done"
    operation.save()
    panel.wake()
    until(lambda: "host red" in panel.processes(), seconds=3)
    first = panel.processes()["host red"]
    panel.change("red", active_generation="g2")
    until(lambda: panel.processes().get("host red") not in (None, first), seconds=5)


@pytest.mark.parametrize("victim", ["director", "zygote", "driver", "host bar"])
def test_the_panel_comes_back_after_any_process_is_killed(panel: FakePanelOwner, victim: str) -> None:
    panel.install("bar", "bar")
    panel.start()
    panel.until_showing("bar")
    before = panel.processes()
    assert panel.process is not None
    pid = panel.process.pid if victim == "director" else before[victim]
    number = panel.frame().number
    os.kill(pid, signal.SIGKILL)
    if victim == "director":
        panel.process.wait(5)
        until(lambda: all(is_gone(pid) for pid in before.values()), seconds=20, what="everything below is gone")
        panel.start()
    until(lambda: panel.processes().keys() >= before.keys() and pid not in panel.processes().values(), seconds=20, what=f"{panel.status()}")
    until(lambda: panel.frame().number > number + 5 and panel.now() == "bar", seconds=20)
    children = panel.processes()
    assert panel.stop() < 3
    until(lambda: all(is_gone(pid) for pid in children.values()), seconds=1, what="nothing is left behind")


def test_a_second_panel_on_the_same_folder_is_refused(make_panel: Callable[..., FakePanelOwner]) -> None:
    first = make_panel()
    first.start()
    until(first.status)
    second = make_panel()
    second.environment = first.environment
    second.start()
    assert second.process is not None
    assert second.process.wait(15) != 0
    assert "already run by another process" in second.log.read_text()
    assert first.status()["pid"] == first.process.pid  # type: ignore[union-attr]


def test_the_scroll_goes_on_while_another_host_is_killed_again_and_again(panel: FakePanelOwner) -> None:
    panel.install("bar", "bar", {"display_duration": 300})
    panel.install("victim", "steady", {"display_duration": 1})
    panel.start()
    panel.until_showing("bar")
    until(lambda: panel.plugin("victim").get("state") == "ready")
    watch = GapWatch(panel.reader)
    watch.watch(0.5)
    for _ in range(4):
        pid = until(lambda: panel.processes().get("host victim"), seconds=6)
        os.kill(pid, signal.SIGKILL)
        watch.watch(0.8)
    # the limit of the product is 100 ms on a quiet machine; here only a standstill counts
    assert max(watch.gaps) < 1.0
    assert panel.now() == "bar"
    until(lambda: panel.plugin("victim")["strikes"] == 4, seconds=3)


def test_a_plugin_without_time_to_wait_shows_a_starting_picture(panel: FakePanelOwner) -> None:
    panel.install("bar", "bar")
    panel.install("slow", "misbehaving", {"fault": "slow-start"})
    panel.start()
    panel.until_showing("bar")
    panel.order("show", plugin_id="slow", mode=None, duration=None, pinned=False)
    until(lambda: panel.status().get("now") is None and (255, 176, 0) in colours(panel), seconds=2, what="the starting picture")
    panel.until_showing("slow", seconds=10)


def test_an_empty_panel_says_where_its_page_is(panel: FakePanelOwner) -> None:
    panel.start()
    until(lambda: len(colours(panel)) == 3, seconds=5)
    assert panel.now() is None


def test_time_goes_by_in_the_rotation(panel: FakePanelOwner) -> None:
    panel.install("red", "steady", {"display_duration": 1})
    panel.install("bar", "bar", {"display_duration": 1})
    panel.start()
    seen: list[str | None] = []
    deadline = time.monotonic() + 15
    while len(seen) < 5 and time.monotonic() < deadline:
        now = panel.now()
        if now and (not seen or seen[-1] != now):
            seen.append(now)
        time.sleep(0.01)
    assert len(seen) == 5
    assert set(seen) == {"red", "bar"}


def test_turns_of_a_version_on_probation_are_counted(panel: FakePanelOwner) -> None:
    panel.install("red", "steady", {"color": [200, 0, 0], "display_duration": 1})
    panel.install("dark", "steady", {"color": [0, 0, 0], "display_duration": 1})
    panel.on_probation("red")
    panel.on_probation("dark")
    panel.start()
    until(lambda: panel.probation("red").turns_with_picture >= 2, what="red has had turns")
    until(lambda: panel.probation("dark").turns >= 1, what="dark has had a turn")
    assert panel.probation("red").shown_seconds > 0
    assert panel.probation("dark").turns_with_picture == 0
