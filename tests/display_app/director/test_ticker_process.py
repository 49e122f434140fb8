"""The ticker on a real panel: it passes without a jump, halts for a plugin, is interrupted and goes on, whoever fails."""

from __future__ import annotations

import time
from itertools import groupby
from typing import Any

import pytest

from tests.fakes.panel import FakePanelOwner, GapWatch, until

pytestmark = pytest.mark.process

WIDTH = 128
RED, GREEN, BLUE, BLACK = (200, 0, 0), (0, 200, 0), (0, 0, 200), (0, 0, 0)


def row(panel: FakePanelOwner) -> list[tuple[int, int, int]]:
    rgb = panel.frame().rgb
    return [(rgb[at], rgb[at + 1], rgb[at + 2]) for at in range(0, WIDTH * 3, 3)]


def runs(panel: FakePanelOwner) -> list[tuple[tuple[int, int, int], int]]:
    return [(colour, len(list(pixels))) for colour, pixels in groupby(row(panel))][1:]


def seen_within(panel: FakePanelOwner, seconds: float) -> set[tuple[int, int, int]]:
    found: set[tuple[int, int, int]] = set()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found |= set(row(panel))
        time.sleep(0.02)
    return found


def ticking(panel: FakePanelOwner, name: str, colour: tuple[int, int, int], **settings: object) -> None:
    panel.install(name, "ticking", {"color": list(colour), "display_duration": 300, **settings})


def reason_now(panel: FakePanelOwner) -> str:
    return str((panel.status().get("now") or {}).get("reason"))


def colours(panel: FakePanelOwner) -> set[tuple[int, ...]]:
    rgb = panel.frame().rgb
    return {tuple(rgb[at : at + 3]) for at in range(0, len(rgb), 3)}


def parts(panel: FakePanelOwner) -> list[dict[str, Any]]:
    return list((panel.status().get("ticker") or {}).get("plugins", []))


def note_of(panel: FakePanelOwner, name: str) -> str:
    return str(panel.plugin(name).get("reason", ""))


def test_pictures_pass_in_the_order_and_the_strip_never_jumps(panel: FakePanelOwner) -> None:
    ticking(panel, "red", RED)
    ticking(panel, "green", GREEN, captured=True, kind="static")
    ticking(panel, "blue", BLUE)
    panel.set(ticker={"enabled": True, "speed": 60, "gap": 10, "item_gap": 4, "order": ["blue"], "excluded": ["red"]})
    panel.start()
    until(lambda: reason_now(panel) == "ticker")
    until(lambda: runs(panel)[:4] == [(BLUE, 20), (BLACK, 4), (BLUE, 20), (BLACK, 10)], what="blue and its gaps behind the end of green")
    before, number = row(panel), panel.frame().number
    for _ in range(40):
        until(lambda since=number: panel.frame().number > since)
        number, after = panel.frame().number, row(panel)
        assert any(before[step:] == after[: WIDTH - step] for step in range(60)), "the view moved by something else than to the left"
        before = after
    assert {part["plugin_id"]: (part["way"], part["width"]) for part in parts(panel)} == {"blue": ("scroll", 44), "green": ("fixed", WIDTH)}


def test_it_is_interrupted_and_goes_on(panel: FakePanelOwner) -> None:
    ticking(panel, "red", RED, widths=[2000])
    ticking(panel, "green", GREEN, kind="none")
    panel.set(ticker={"enabled": True, "speed": 20})
    panel.start()
    until(lambda: reason_now(panel) == "ticker")
    assert panel.status()["now"]["plugin_id"] == "red"
    until(lambda: note_of(panel, "green").startswith("It takes no part in the ticker."))
    panel.order("show", plugin_id="green", mode=None, duration=60, pinned=False)
    panel.until_showing("green", seconds=3)
    panel.order("stop-showing")
    until(lambda: reason_now(panel) == "ticker", seconds=5)
    panel.set(transition="fade", transition_seconds=1.0)
    panel.notify(text="bell", colour="#00c8c8", hold=2.5)
    until(lambda: (0, 200, 200) in colours(panel), seconds=5)
    until(lambda: any(red and green for red, green, _ in colours(panel)), seconds=5, what="it fades back")
    until(lambda: set(row(panel)) == {RED}, seconds=5, what="the strip is back")
    until(lambda: reason_now(panel) == "ticker", seconds=2)
    panel.set(ticker={"enabled": False})
    until(lambda: reason_now(panel) == "rotation", seconds=5)
    assert panel.status()["ticker"] is None


def test_it_halts_for_a_plugin_that_wants_the_whole_panel(panel: FakePanelOwner) -> None:
    ticking(panel, "red", RED, widths=[40])
    ticking(panel, "green", GREEN, display_duration=2)
    panel.set(ticker={"enabled": True, "speed": 200, "plugins": {"green": {"way": "static"}}})
    panel.start()
    until(lambda: (panel.status().get("now") or {}).get("mode") == "green", what="the stop")
    assert (set(row(panel)), reason_now(panel)) == ({GREEN}, "ticker")
    until(lambda: RED in set(row(panel)) and GREEN in set(row(panel)), seconds=6, what="it goes on with both in view")


def test_those_that_hang_or_die_drop_out_and_the_strip_goes_on(panel: FakePanelOwner) -> None:
    ticking(panel, "red", RED, widths=[30] * 6)
    ticking(panel, "green", GREEN, widths=[30])
    ticking(panel, "blue", BLUE, widths=[30])
    panel.set(ticker={"enabled": True, "speed": 250})
    panel.start()
    until(lambda: {part["plugin_id"] for part in parts(panel) if part["width"]} == {"red", "green", "blue"})
    panel.configure("green", {"color": list(GREEN), "display_duration": 300, "fault": "hang"})
    panel.configure("blue", {"color": list(BLUE), "display_duration": 300, "fault": "exit"})
    until(lambda: panel.plugin("blue").get("strikes"), what=lambda: str(panel.plugin("blue")))
    until(lambda: note_of(panel, "green").startswith("It did not give its pictures"), what=lambda: str(panel.plugin("green")))
    until(lambda: seen_within(panel, 1.5) <= {RED, BLACK}, what="both have left")
    watch = GapWatch(panel.reader)
    watch.watch(1.0)
    assert max(watch.gaps) < 1.0
