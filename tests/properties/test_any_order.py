"""A state machine that does what people, machines and time do to a product, in any order, and knows what must be there after each step."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.crash.world import KILLED, World
from tests.fakes.hub import Hub

pytestmark = [pytest.mark.process, pytest.mark.timeout(3600)]

EXAMPLES, STEPS = (int(os.environ.get("FUZZ_HISTORIES", 60)), 30) if os.environ.get("FUZZ_FULL") else (4, 12)
HERE = "tests.properties.actions:"
IDS = ("alpha", "beta", "gamma", "delta")
DEFAULT = ""
WEEK = 8 * 24 * 3600
FOR_INSTALLED = ("uninstall", "update", "uninstall_keeping_settings", "rollback", "update", "install")
FOR_OTHERS = ("install", "undo", "install", "undo", "purge", "update")
BY_HAND = ("toggle", "delete_folder", "drop_folder", "look")
ids = st.sampled_from(IDS)
kills = st.one_of(st.integers(1, 22), st.none(), st.integers(1, 9))
asked = st.tuples(st.just("somebody_asks"), st.integers(0, 5), ids, kills, kills)
events = st.one_of(  # one rule: hypothesis would leave whole rules out of a history
    asked,
    st.tuples(st.sampled_from(BY_HAND), ids),
    asked.map(lambda event: event),
    st.tuples(st.just("configure"), ids, st.sampled_from(("Bern", "Chur", "Olten"))),
    asked.map(list),
    st.tuples(st.just("registry"), st.sampled_from(("newer", "up", "down", "empty", "halved"))),
    asked.map(tuple),
    st.tuples(st.just("time_passes"), st.sampled_from((400, 2000, WEEK))),
)


class Town(World):
    """A world with four plugins."""

    ids = IDS


class AnyOrder(RuleBasedStateMachine):
    """`settings` is what each installed plugin must have; `kept` and `buried` what install and undo must bring back."""

    world: Town
    steps = 0
    kills_that_landed = 0

    def __init__(self) -> None:
        super().__init__()
        self.cities: dict[str, str] = {}
        self.enabled: dict[str, bool] = {}
        self.buried: dict[str, tuple[str, bool]] = {}
        self.kept: dict[str, str] = {}
        self.tombstones: set[str] = set()
        self.precious: dict[str, set[str]] = {}
        self.version = 1
        self.dropped = 0

    @initialize()
    def begin(self) -> None:
        self.world.hub.heal()
        self.world.publish(version="1.0.0")
        self.world.load("begun")
        self.cities = dict.fromkeys(IDS[:2], DEFAULT)
        self.enabled = dict.fromkeys(IDS[:2], True)

    def do(self, action: str, *args: Any, **kwargs: Any) -> Any:
        return self.world.do(HERE + action, *args, **kwargs)

    def operate(self, kind: str, plugin_id: str, kill: int | None, again: int | None, **options: Any) -> bool:
        """Ask and work, perhaps killed, with recovery perhaps killed too; tell whether it succeeded."""
        number = self.do("ask", kind, plugin_id, **options)
        if not number:
            return False
        type(self).steps += 1
        answer = self.world.attempt(HERE + "work", number, kill_at=kill)
        assert answer["code"] in (0, KILLED), answer
        type(self).kills_that_landed += answer["code"] == KILLED
        if answer["code"] == KILLED and again:
            type(self).kills_that_landed += self.world.attempt(HERE + "recover", kill_at=again)["code"] == KILLED
        self.do("recover")
        return bool(self.do("status_of", number) == "succeeded")

    @rule(event=events)
    def something_happens(self, event: tuple[Any, ...]) -> None:
        name, *details = event
        getattr(self, name)(*details)

    def somebody_asks(self, choice: int, plugin_id: str, kill: int | None, again: int | None) -> None:
        getattr(self, (FOR_INSTALLED if plugin_id in self.cities else FOR_OTHERS)[choice])(plugin_id, kill, again)

    def install(self, plugin_id: str, kill: int | None, again: int | None) -> None:
        was_there = plugin_id in self.cities
        if self.operate("install", plugin_id, kill, again):
            if not was_there:
                self.cities[plugin_id] = self.kept.get(plugin_id, DEFAULT)
            self.enabled[plugin_id] = True
            self._forget_grave(plugin_id)

    def update(self, plugin_id: str, kill: int | None, again: int | None) -> None:
        self.operate("update", plugin_id, kill, again)

    def rollback(self, plugin_id: str, kill: int | None, again: int | None) -> None:
        self.operate("rollback", plugin_id, kill, again)

    def uninstall_keeping_settings(self, plugin_id: str, kill: int | None, again: int | None) -> None:
        self.uninstall(plugin_id, kill, again, preserve=True)

    def uninstall(self, plugin_id: str, kill: int | None, again: int | None, *, preserve: bool = False) -> None:
        if self.operate("uninstall", plugin_id, kill, again, preserve_config=preserve):
            city = self.cities.pop(plugin_id)
            self._forget_grave(plugin_id)
            self.buried[plugin_id] = (city, self.enabled.pop(plugin_id))
            self.tombstones.add(plugin_id)
            self.precious.pop(plugin_id, None)
            if preserve:
                self.kept[plugin_id] = city

    def undo(self, plugin_id: str, kill: int | None, again: int | None) -> None:
        if self.operate("undo", plugin_id, kill, again):
            self.cities[plugin_id], self.enabled[plugin_id] = self.buried[plugin_id]
            self._forget_grave(plugin_id)

    def purge(self, plugin_id: str, kill: int | None, again: int | None) -> None:
        if self.operate("purge", plugin_id, kill, again):
            self.buried.pop(plugin_id, None)
            self.kept.pop(plugin_id, None)

    def configure(self, plugin_id: str, city: str) -> None:
        if plugin_id in self.cities:
            self.do("configure", plugin_id, city)
            self.cities[plugin_id] = city

    def toggle(self, plugin_id: str) -> None:
        if plugin_id in self.cities:
            self.enabled[plugin_id] = self.do("toggle", plugin_id)

    def delete_folder(self, plugin_id: str) -> None:
        folder = self._plugin_dir / plugin_id
        if folder.is_dir():
            shutil.rmtree(folder)
            self.precious.pop(plugin_id, None)

    def drop_folder(self, plugin_id: str) -> None:
        folder = self._plugin_dir / plugin_id
        if not folder.exists():
            shutil.copytree(self.world.folder / "repository" / "plugins" / plugin_id, folder)
            self.dropped += 1
            name = f"precious-{self.dropped}.txt"
            (folder / name).write_text("mine")
            self.precious.setdefault(plugin_id, set()).add(name)

    def registry(self, mode: str) -> None:
        hub = self.world.hub
        hub.heal()
        if mode == "down":
            hub.drop("/")
            return
        self.version += mode == "newer"
        self.world.publish(version=f"{self.version}.0.0")
        if mode in ("empty", "halved"):
            hub.set_registry({"version": "1", "plugins": self.world.entries[: 0 if mode == "empty" else 1]})

    def time_passes(self, seconds: int) -> None:
        self.do("let_time_pass", seconds)
        if seconds == WEEK:
            self.buried.clear()

    def look(self, plugin_id: str) -> None:
        self.do("look_at_folders")

    @invariant()
    def nothing_is_lost_and_nothing_comes_back(self) -> None:
        found = self.do("recover_and_tell")
        assert found["wrong"] == []
        rows = found["rows"]
        for plugin_id in set(rows) - set(self.cities):
            assert plugin_id in self.precious and plugin_id not in self.tombstones, f"{plugin_id} came back"
            assert rows[plugin_id]["source"] == "local" and not rows[plugin_id]["enabled"]
            self.cities[plugin_id], self.enabled[plugin_id] = DEFAULT, False
        assert {name: row["city"] for name, row in rows.items()} == self.cities
        assert {name: row["enabled"] for name, row in rows.items()} == self.enabled
        for name, row in rows.items():
            assert self.cities[name] == DEFAULT or row["api_key"] == f"key of {self.cities[name]}"
        assert set(found["tombstones"]) == self.tombstones
        everything = {path.name for path in self._plugin_dir.rglob("precious-*")}
        assert {name for names in self.precious.values() for name in names} <= everything

    @property
    def _plugin_dir(self) -> Path:
        return self.world.live / "root" / "plugin-repos"

    def _forget_grave(self, plugin_id: str) -> None:
        for grave in (self.buried, self.kept):
            grave.pop(plugin_id, None)
        self.tombstones.discard(plugin_id)


def test_any_order(tmp_path: Path) -> None:
    hub = Hub()
    AnyOrder.world = Town(tmp_path, hub)
    AnyOrder.world.do("refresh")
    for plugin_id in IDS[:2]:
        AnyOrder.world.do(HERE + "work", AnyOrder.world.do(HERE + "ask", "install", plugin_id), kill_at=None)
    AnyOrder.world.save("begun")
    try:
        run_state_machine_as_test(
            AnyOrder,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=not os.environ.get("FUZZ_FULL"),
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        AnyOrder.world.close()
        hub.close()
        print(f"any order: {EXAMPLES} histories, {AnyOrder.steps} operations, {AnyOrder.kills_that_landed} kills landed")
