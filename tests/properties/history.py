"""A state machine that does what people, machines and time do to a product, and knows what must be there after each step."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from plugins_app.models.plugin import UNDO_DAYS
from tests.crash.world import KILLED, World

HERE = "tests.properties.actions:"
IDS = ("alpha", "beta", "gamma", "delta")
DEFAULT, AT_FIRST = "", "Bern"
DAY, WEEK = 25 * 3600, 8 * 24 * 3600
UNDO_SECONDS = UNDO_DAYS * 24 * 3600
UNREACHABLE = ("dropped", "refused", "failing", "html", "hanging", "empty")
REGISTRIES = ("newer", "up", "newer", "nearly_empty", "halved", *UNREACHABLE)
IMPATIENT = {"patience": 0.3}  # seconds that a client waits for a registry that hangs
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
    st.tuples(st.just("registry"), st.sampled_from(REGISTRIES)),
    asked.map(tuple),
    st.tuples(st.just("time_passes"), st.sampled_from((400, 2000, DAY, WEEK))),
    st.tuples(st.just("a_version_comes_by_itself"), kills, kills),
    st.tuples(st.just("the_panel_tells"), st.sampled_from(("picture", "nothing", "crash")), kills, kills),
)


class Town(World):
    """A world with four plugins."""

    ids = IDS


class AnyOrder(RuleBasedStateMachine):
    """`settings` is what each installed plugin must have; `kept` and `buried` what install and undo must bring back."""

    world: Town
    steps = 0
    kills_that_landed = 0
    came_by_themselves = sent_back = 0

    def __init__(self) -> None:
        super().__init__()
        self.cities: dict[str, str] = {}
        self.enabled: dict[str, bool] = {}
        self.buried: dict[str, tuple[str, bool, int]] = {}
        self.kept: dict[str, str] = {}
        self.tombstones: set[str] = set()
        self.precious: dict[str, set[str]] = {}
        self.definitive: set[str] = set()
        self.mode = "up"
        self.clock = 0
        self.version = 1
        self.dropped = 0

    @initialize()
    def begin(self) -> None:
        self.registry("up")
        self.world.load("begun")
        self.cities = dict.fromkeys(IDS[:2], AT_FIRST)
        self.enabled = dict.fromkeys(IDS[:2], True)

    def do(self, action: str, *args: Any, **kwargs: Any) -> Any:
        return self.world.do(HERE + action, *args, **kwargs, **self._patience)

    def work(self, action: str, *args: Any, kill: int | None, again: int | None) -> None:
        """Work, perhaps killed, with recovery perhaps killed too."""
        type(self).steps += 1
        answer = self.world.attempt(HERE + action, *args, kill_at=kill, **self._patience)
        assert answer["code"] in (0, KILLED) and "failed" not in answer, answer
        type(self).kills_that_landed += answer["code"] == KILLED
        if answer["code"] == KILLED and again:
            type(self).kills_that_landed += self.world.attempt(HERE + "recover", kill_at=again, **self._patience)["code"] == KILLED
        self.do("recover")

    @property
    def _patience(self) -> dict[str, float]:
        return IMPATIENT if self.mode == "hanging" else {}

    def operate(self, kind: str, plugin_id: str, kill: int | None, again: int | None, **options: Any) -> bool:
        """Ask and work, perhaps killed, with recovery perhaps killed too; tell whether it succeeded."""
        number = self.do("ask", kind, plugin_id, **options)
        if not number:
            return False
        self.work("work", number, kill=kill, again=again)
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
            self.buried[plugin_id] = (city, self.enabled.pop(plugin_id), self.clock)
            self.tombstones.add(plugin_id)
            self.precious.pop(plugin_id, None)
            if preserve:
                self.kept[plugin_id] = city

    def undo(self, plugin_id: str, kill: int | None, again: int | None) -> None:
        if self.operate("undo", plugin_id, kill, again):
            self.cities[plugin_id], self.enabled[plugin_id], _ = self.buried[plugin_id]
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
        """Publish as before or something newer, and behave, or not; what follows the mode's name is how GitHub does."""
        hub = self.world.hub
        if self.mode == "refused":
            hub.accept()
        hub.heal()
        self.mode = mode
        self.version += mode == "newer"
        self.world.publish(version=f"{self.version}.0.0")
        entries = {"empty": 0, "nearly_empty": 1, "halved": len(IDS) // 2}
        misbehave: dict[str, Callable[[], None]] = {
            "dropped": lambda: hub.drop("/"),
            "refused": hub.refuse,
            "failing": lambda: hub.fail("/", status=500),
            "html": lambda: hub.answer("/", b"<html>Sign in to this network</html>"),
            "hanging": lambda: hub.hang("/"),
        }
        if mode in entries:
            hub.set_registry({"version": "1", "plugins": self.world.entries[: entries[mode]]})
        misbehave.get(mode, bool)()

    def time_passes(self, seconds: int) -> None:
        self.do("let_time_pass", seconds)
        self.clock += seconds
        self.buried = {name: grave for name, grave in self.buried.items() if self.clock - grave[2] < UNDO_SECONDS}

    def a_version_comes_by_itself(self, kill: int | None, again: int | None) -> None:
        """Publish, wait a day, and see what that begins."""
        before = self.do("on_probation")
        self.registry("newer")
        self.work("do_regular_work", kill=None, again=None)
        self.time_passes(DAY)
        self.work("do_regular_work", kill=kill, again=again)
        type(self).came_by_themselves += self.do("on_probation") != before

    def the_panel_tells(self, result: str, kill: int | None, again: int | None) -> None:
        """Have what is on probation shown; what fails goes, and comes no more, unless a person has changed its files."""
        for one in self.do("on_probation"):
            self.do("show", one["plugin_id"], one["generation"], result=result)
            is_untouched = one["plugin_id"] not in self.precious and (self._plugin_dir / one["plugin_id"]).is_dir()
            self.work("do_regular_work", kill=kill, again=again)
            assert one not in self.do("on_probation")
            went_back = self.do("was_sent_back", one["generation"])
            assert went_back == (result != "picture" and one["can_go_back"]) or not is_untouched
            type(self).sent_back += went_back

    def look(self, plugin_id: str) -> None:
        self.do("look_at_folders")

    @invariant()
    def nothing_is_lost_and_nothing_comes_back(self) -> None:
        found = self.do("recover_and_tell")
        assert found["wrong"] == []
        assert self.mode not in UNREACHABLE or set(found["definitive"]) <= self.definitive, "a verdict without an answer"
        self.definitive = set(found["definitive"])
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
