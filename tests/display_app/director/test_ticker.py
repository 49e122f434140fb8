"""The ticker without processes: who is asked and when, what the strip begins with, where it halts, what a return keeps."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from display_app.director.contents import ANSWER_SECONDS, SILENT
from display_app.director.hosts import Hosts
from display_app.director.panel import Panel
from display_app.director.ticker import HIDDEN_SECONDS, Ticker
from display_app.director.ticker_filling import OPENING_SECONDS, RENEW_SECONDS
from display_app.director.ticker_report import filled_in, ticker_report
from display_app.director.turn_book import TurnBook
from display_app.hosting.protocol import Collect, Content
from display_app.rotation.ticker import Part, TickerSettings
from display_app.rotation.turns import TICKER_SLOT, Candidate, Rank, Readiness, Slot, State, Turn

WIDTH, HEIGHT = 8, 1
ON_TICKER = State(showing=Turn(1, TICKER_SLOT, Rank.TICKER, 0.0, delivered_at=0.0))


class FakeHost:
    """A host that takes wishes; the test answers for it."""

    def __init__(self, plugin_id: str) -> None:
        self.plugin_id, self.is_ready, self.told_turn = plugin_id, True, None
        self.vitals = SimpleNamespace(beat=None)
        self.reader = SimpleNamespace(read=lambda: SimpleNamespace(width=WIDTH, height=HEIGHT, rgb=b"\x63" * WIDTH * 3))
        self.wishes: list[Collect] = []
        self.fd = -1

    def collect(self, wish: Collect, fd: int) -> None:
        self.wishes.append(wish)
        self.fd = fd

    def answer(self, width: int, *, way: str = "scroll", colour: int = 9, weight: int = 0, reason: str = "") -> Content:
        os.pwrite(self.fd, bytes([colour]) * width * 3, 0)
        return Content(self.wishes[-1].number, way, width, weight, reason)


class Scene:
    """A ticker with hosts of that many plugins."""

    def __init__(self, folder: Path, *names: str, **settings: Any) -> None:
        self.hosts = {name: FakeHost(name) for name in names}
        self.counted: list[str] = []
        hosts = SimpleNamespace(by_plugin=self.hosts, note_turn=lambda plugin_id, **_: self.counted.append(plugin_id))
        self.panel = Panel(folder, width=WIDTH, height=HEIGHT)
        self.ticker = Ticker(cast(Hosts, hosts), self.panel, TurnBook(cast(Hosts, hosts)))
        self.ticker.filling.set(TickerSettings(**{"enabled": True, "gap": 1, "speed": 10.0, **settings}))
        self.candidates = [Candidate(name, (name, f"{name}2"), Readiness.READY) for name in names]
        self.now = 100.0

    def look(self, seconds: float = 0.0) -> None:
        self.now += seconds
        self.ticker.look(self.candidates, now=self.now)

    def hear(self, name: str, width: int, **more: Any) -> None:
        host = self.hosts[name]
        self.ticker.filling.hear(cast(Any, host), host.answer(width, **more))

    def show(self, state: State = ON_TICKER) -> None:
        self.ticker.follow(state, is_covered=False, is_paused=False, now=self.now)

    def move(self, pixels: int) -> None:
        for _ in range(pixels):
            self.now += 0.1005
            self.ticker.animate(now=self.now)

    def view(self) -> list[int]:
        return list(self.ticker.strip.view()[::3])


@pytest.fixture
def make_scene(tmp_path: Path) -> Iterator[Callable[..., Scene]]:
    scenes: list[Scene] = []

    def make(*names: str, **settings: Any) -> Scene:
        scenes.append(Scene(tmp_path, *names, **settings))
        return scenes[-1]

    yield make
    for scene in scenes:
        scene.ticker.filling.set(TickerSettings())
        scene.look()
        scene.panel.close()


@pytest.fixture
def filled(make_scene: Callable[..., Scene]) -> Scene:
    scene = make_scene("a", "b")
    scene.look()
    scene.hear("a", 4, colour=1)
    scene.hear("b", 3, colour=2)
    scene.look()
    scene.show()
    return scene


def test_it_begins_in_the_order_when_all_have_answered(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene("a", "b")
    scene.look()
    scene.hear("b", 3, colour=2)
    scene.look(1)
    assert (scene.ticker.view(now=scene.now).is_ready, scene.ticker.view(now=scene.now).is_coming) == (False, True)
    scene.hear("a", 4, colour=1)
    scene.look()
    assert scene.ticker.view(now=scene.now).is_ready
    assert scene.view() == [1, 1, 1, 1, 0, 2, 2, 2]


def test_it_begins_without_those_that_take_too_long(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene("a", "b")
    scene.look()
    scene.hear("b", 3, colour=2)
    scene.look(OPENING_SECONDS)
    assert scene.view() == [2, 2, 2, 0, 2, 2, 2, 0]


def test_it_moves_a_pixel_at_a_time_and_counts_what_has_passed(filled: Scene) -> None:
    scene = filled
    scene.move(1)
    assert scene.view() == [1, 1, 1, 0, 2, 2, 2, 0]
    scene.move(4)
    scene.look()
    assert (scene.view()[:3], scene.counted) == ([2, 2, 2], ["a"])


def test_who_is_in_view_is_asked_again_and_not_too_often(filled: Scene) -> None:
    scene = filled
    scene.look(RENEW_SECONDS - 1)
    assert [len(host.wishes) for host in scene.hosts.values()] == [1, 1]
    scene.look(1.1)
    assert [len(host.wishes) for host in scene.hosts.values()] == [2, 2]


def test_silence_costs_the_place_and_is_told(filled: Scene) -> None:
    scene = filled
    scene.look(RENEW_SECONDS)
    scene.look(ANSWER_SECONDS)
    assert scene.ticker.filling.contents.of("a").reason == SILENT
    report = ticker_report(scene.ticker) or {}
    assert [(part["width"], part["reason"]) for part in report["plugins"]] == [(0, SILENT), (0, SILENT)]
    assert scene.view()[:4] == [1, 1, 1, 1]


def test_one_that_updates_may_take_its_time(filled: Scene) -> None:
    scene = filled
    for host in scene.hosts.values():
        host.vitals.beat = SimpleNamespace(updating=7.0)
    scene.look(RENEW_SECONDS)
    scene.look(ANSWER_SECONDS)
    assert scene.ticker.filling.contents.of("a").picture is not None


def test_hosts_that_are_slow_do_not_keep_others_from_being_asked(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene("a", "b", "c", "d")
    scene.look()
    assert [len(host.wishes) for host in scene.hosts.values()] == [1, 1, 1, 0]
    scene.look(ANSWER_SECONDS)
    assert [len(host.wishes) for host in scene.hosts.values()] == [1, 1, 1, 1]


def test_weights_are_the_owner_s_then_the_plugin_s_and_more_for_who_is_live(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene("a", "b", "c", plugins={"a": Part(weight=4)}, live_in_ticker=True, live_weight=3)
    scene.candidates[2] = Candidate("c", ("c",), Readiness.READY, live=("c",))
    scene.look()
    scene.hear("b", 3, weight=2)
    scene.hear("a", 3, weight=2)
    scene.look()
    assert scene.ticker.filling.weights == {"a": 4, "b": 2, "c": 3}


def test_a_stop_has_its_turn_mode_after_mode_and_leaves_with_its_last_picture(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene("a", gap=0)
    scene.look()
    scene.hear("a", WIDTH, way="static", colour=5)
    scene.look()
    scene.show()
    scene.move(1)
    stop = scene.ticker.view(now=scene.now).stop
    assert stop == Slot("a", "a") and scene.ticker.due_in(scene.now) == float("inf")
    asked = Turn(2, stop, Rank.TICKER, scene.now)
    scene.show(State(showing=ON_TICKER.showing, incoming=asked))
    assert scene.ticker.view(now=scene.now).stop is None
    scene.show(State(showing=Turn(2, stop, Rank.TICKER, scene.now, delivered_at=scene.now)))
    scene.show()
    assert scene.view() == [0x63] * WIDTH
    scene.move(WIDTH)
    assert scene.ticker.view(now=scene.now).stop == Slot("a", "a2")


def test_after_a_long_time_out_of_sight_what_comes_is_new(filled: Scene) -> None:
    scene = filled
    scene.show(State())
    scene.now += HIDDEN_SECONDS + 1
    scene.show()
    assert scene.view() == [1, 1, 1, 1, 0, 2, 2, 2] and scene.ticker.strip.ahead() == 0


def test_next_goes_on_to_the_next_plugin_and_off_forgets_everything(filled: Scene) -> None:
    scene = filled
    scene.ticker.skip()
    assert scene.view()[:3] == [2, 2, 2]
    now = {"plugin_id": "", "mode": "ticker", "reason": "ticker"}
    assert filled_in(now, scene.ticker) == {**now, "plugin_id": "a"}  # it is in the middle of the panel
    scene.look()
    assert filled_in(now, scene.ticker, is_next=True) == {**now, "plugin_id": "b"}
    scene.ticker.filling.set(TickerSettings())
    scene.look()
    assert (scene.ticker.view(now=scene.now).is_ready, ticker_report(scene.ticker), filled_in(now, scene.ticker)) == (False, None, None)
