"""How one plugin is driven: calling rules, modes, rates, dwells, live content, settings, end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from display_app.runtime.session import Dwell, PluginLoadError, PluginSession
from display_app.toolkit.scroll_helper import ScrollHelper

Start = Callable[..., PluginSession]

RECORDER = """
class Sample(BasePlugin):
    def __init__(self, plugin_id, config, display_manager, cache_manager, plugin_manager):
        super().__init__(plugin_id, config, display_manager, cache_manager, plugin_manager)
        self.calls = []
        self.answer = None
    def update(self):
        self.calls.append("update")
    def display(self, {parameters}):
        self.calls.append(({seen}))
        return self.answer
    def cleanup(self):
        self.calls.append("cleanup")
    def on_disable(self):
        super().on_disable()
        self.calls.append("on_disable")
    def on_enable(self):
        super().on_enable()
        self.calls.append("on_enable")
"""


def recorder(parameters: str = "force_clear=False", seen: str = "force_clear") -> str:
    return RECORDER.format(parameters=parameters, seen=seen)


# -- display


@pytest.mark.parametrize(
    ("parameters", "seen", "expected"),
    [
        ("force_clear=False", "force_clear", True),
        ("display_mode=None, force_clear=False", "display_mode, force_clear", ("page", True)),
        ("force_clear=False, display_mode=None", "display_mode, force_clear", ("page", True)),
    ],
)
def test_display_is_called_by_keyword_and_with_the_mode_when_it_takes_one(
    start: Start, parameters: str, seen: str, expected: object
) -> None:
    session = start(recorder(parameters, seen), manifest={"display_modes": ["page"]})
    session._plugin.calls.clear()
    session.display("page", force_clear=True)
    assert session._plugin.calls == [expected]


@pytest.mark.parametrize(("answer", "shown"), [(None, True), (True, True), (0, True), ("", True), (False, False)])
def test_only_exactly_false_means_nothing_to_show(start: Start, answer: object, shown: bool) -> None:
    session = start(recorder())
    session._plugin.answer = answer
    assert session.display("sample") is shown


def test_errors_of_display_and_update_reach_the_caller(start: Start) -> None:
    session = start(recorder("force_clear=False", "1 / 0"))
    with pytest.raises(ZeroDivisionError):
        session.display("sample")
    session._plugin.update = lambda: [][0]
    with pytest.raises(IndexError):
        session.update()


def test_a_frame_reaches_the_panel(start: Start, panel: list[Image.Image]) -> None:
    source = """
    class Sample(BasePlugin):
        def update(self): ...
        def display(self, force_clear=False):
            self.display_manager.clear()
            self.display_manager.draw_text("HI", x=0, y=0, color=(0, 255, 0))
            self.display_manager.update_display()
    """
    session = start(source, width=128, height=64)
    session.display("sample")
    assert [(frame.size, frame.mode) for frame in panel] == [((128, 64), "RGB")]
    assert {(0, 255, 0), (0, 0, 0)} == set(panel[0].get_flattened_data())


# -- modes and schedule


@pytest.mark.parametrize(
    ("own", "manifest", "expected"),
    [
        ("['b', 'a', 'b']", {"display_modes": ["x"]}, ["b", "a"]),
        ("()", {"display_modes": ["x", "y", "x"]}, ["x", "y"]),
        ("None", {}, ["sample"]),
        ("[]", {"display_modes": []}, ["sample"]),
        ("3", {"display_modes": ["x"]}, ["x"]),
    ],
)
def test_modes_are_the_instances_then_the_manifests_then_the_id(
    start: Start, own: str, manifest: dict[str, Any], expected: list[str]
) -> None:
    session = start(recorder() + f"    modes = {own}\n", manifest=manifest)
    assert session.modes == expected


@pytest.mark.parametrize(
    ("manifest", "config", "expected"),
    [
        ({"update_interval": 5}, {"update_interval": 900}, 5.0),
        ({}, {"update_interval": 900}, 900.0),
        ({"update_interval": 0}, {"update_interval": True}, 60.0),
        ({"update_interval": "60"}, {}, 60.0),
    ],
)
def test_the_manifests_update_interval_wins(start: Start, manifest: dict[str, Any], config: dict[str, Any], expected: float) -> None:
    assert start(recorder(), manifest=manifest, config=config).update_interval == expected


@pytest.mark.parametrize(
    ("body", "plugin_id", "expected"),
    [
        ("", "sample", False),
        ("enable_scrolling = True", "sample", True),
        ("enable_scrolling = property(lambda self: 1)", "sample", True),
        ("enable_scrolling = property(lambda self: 1 / 0)", "sample", False),
        ("enable_scrolling = True; needs_high_fps = False", "sample", False),
        ("needs_high_fps = True", "sample", True),
        ("needs_high_fps = None", "static-image", True),
        ("needs_high_fps = False", "static-image", False),
    ],
)
def test_who_wants_many_frames(start: Start, body: str, plugin_id: str, expected: bool) -> None:
    assert start(recorder() + f"    {body}\n", plugin_id=plugin_id).wants_high_rate() is expected


@pytest.mark.parametrize(("width", "expected"), [(200, True), (64, False)])
def test_a_strip_longer_than_the_panel_scrolls_where_a_plugin_does_not_say(start: Start, width: int, expected: bool) -> None:
    session = start(recorder())
    session._plugin.scroll_helper = ScrollHelper(64, 32)
    assert session.wants_high_rate() is False
    session._plugin.scroll_helper.set_scrolling_image(Image.new("RGB", (width, 32)))
    assert session.wants_high_rate() is expected
    session._plugin.enable_scrolling = False
    assert session.wants_high_rate() is False


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ("dm.image.paste((9, 9, 9), (0, 0, 4, 4))", 1),
        ("dm.image = dm.image.point(lambda value: 9)", 1),
        ("dm.image.paste((9, 9, 9), (0, 0, 4, 4)); dm.update_display()", 3),
        ("dm.image.paste((9, 9, 9), (0, 0, 4, 4)); return False", 0),
        ("dm.clear()", 0),
        ("pass", 0),
    ],
)
def test_a_picture_that_was_drawn_but_not_sent_is_sent_once(start: Start, panel: list[Image.Image], body: str, sent: int) -> None:
    session = start(recorder() + f"    def display(self, force_clear=False):\n        dm = self.display_manager; {body}\n")
    for _ in range(3):
        session.display("sample")
    assert len(panel) == sent


def test_scrolling_may_be_switched_while_it_runs(start: Start) -> None:
    session = start(recorder())
    session._plugin.enable_scrolling = True
    assert session.wants_high_rate() is True


# -- dwells

DYNAMIC = (
    recorder()
    + """
    cycles = 0
    def supports_dynamic_duration(self): return self.config["dynamic"]
    def get_display_duration(self): return 10
    def reset_cycle_state(self): self.cycles += 1
"""
)


def test_the_dwell_knows_the_global_cap(start: Start) -> None:
    session = start(DYNAMIC, config={"dynamic": True}, global_config={"display": {"dynamic_duration": {"max_duration_seconds": 44}}})
    assert session.dwell("sample") == Dwell(10.0, 44.0, True)


@pytest.mark.parametrize(("dynamic", "cycles"), [(True, 2), (False, 0)])
def test_each_beginning_of_a_dynamic_mode_starts_a_cycle(start: Start, dynamic: bool, cycles: int) -> None:
    session = start(DYNAMIC, config={"dynamic": dynamic})
    session.begin_mode("sample")
    session.begin_mode("sample")
    assert session._plugin.cycles == cycles


@pytest.mark.parametrize(("body", "expected"), [("True", True), ("0", False), ("1 / 0", False)])
def test_a_cycle_is_complete_when_the_plugin_says_so_without_error(start: Start, body: str, expected: bool) -> None:
    assert start(recorder() + f"    def is_cycle_complete(self): return {body}\n").is_cycle_complete() is expected


def test_a_plugin_without_the_hook_is_always_complete(start: Start) -> None:
    session = start(recorder())
    session._plugin.is_cycle_complete = None
    assert session.is_cycle_complete() is True


# -- live content


@pytest.mark.parametrize(
    ("priority", "content", "modes", "expected"),
    [
        ("True", "True", "['b_live', 'gone_live']", ["b_live"]),
        ("True", "True", "['gone']", ["a_live", "b_live"]),
        ("True", "True", "None", ["a_live", "b_live"]),
        ("False", "True", "['b_live']", []),
        ("True", "None", "['b_live']", []),
        ("1 / 0", "True", "['b_live']", []),
        ("True", "1 / 0", "['b_live']", []),
        ("True", "True", "1 / 0", []),
    ],
)
def test_live_modes(start: Start, priority: str, content: str, modes: str, expected: list[str]) -> None:
    hooks = f"""
    modes = ["a_live", "b_live", "c"]
    def has_live_priority(self): return {priority}
    def has_live_content(self): return {content}
    def get_live_modes(self): return {modes}
"""
    assert start(recorder() + hooks).live_modes() == expected


def test_a_plugin_without_live_modes_is_not_live(start: Start) -> None:
    hooks = "    def has_live_priority(self): return True\n    def has_live_content(self): return True\n"
    assert start(recorder() + hooks, manifest={"display_modes": ["clock"]}).live_modes() == ["clock"]


# -- settings, life


def test_a_plugin_that_does_not_listen_must_be_restarted(start: Start) -> None:
    session = start(recorder(), config={"a": 1})
    assert session.apply_config({"enabled": True, "a": 2}) is False
    assert session._plugin.config["a"] == 1


def test_a_plugin_that_listens_gets_its_new_section_positionally(start: Start) -> None:
    source = recorder() + "    def on_config_change(self, config):\n        super().on_config_change(config)\n"
    session = start(source, config={"a": 1, "update_interval": 100})
    new = {"enabled": True, "a": 2, "update_interval": 200}
    assert session.apply_config(new) is True
    assert session._plugin.config is new
    assert session.update_interval == 200.0
    assert session.config_manager.get_config()["sample"] is new


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        ({"images": []}, {"images": [{"path": "assets/plugins/sample/uploads/a.png"}]}, False),
        ({"images": [{"path": "assets/plugins/sample/uploads/a.png"}], "fit": 1}, {"images": [], "fit": 1}, False),
        ({"logo": "assets/logos/a.png"}, {"logo": "assets/logos/b.png"}, True),
    ],
)
def test_a_plugin_with_uploaded_pictures_is_started_anew(
    start: Start, before: dict[str, Any], after: dict[str, Any], is_told: bool
) -> None:
    session = start(recorder() + "    def on_config_change(self, config):\n        self.config = config\n", config=before)
    assert session.apply_config(after) is is_told


def test_settings_that_were_handed_over_are_checked_as_at_the_start(start: Start) -> None:
    source = recorder() + (
        "    def on_config_change(self, config):\n        self.config = config\n"
        "    def validate_config(self):\n        return self.config['a'] / 1 < 3\n"
    )
    session = start(source, config={"a": 1})
    session.apply_config({"a": 2})
    session.check_config()
    for value, words in ((3, "The plugin does not accept its settings."), ("x", "Checking its settings failed: ")):
        session.apply_config({"a": value})
        with pytest.raises(PluginLoadError) as caught:
            session.check_config()
        assert (caught.value.at, caught.value.reason[: len(words)]) == ("validate", words)
    assert "cleanup" not in session._plugin.calls


def test_what_a_plugin_saves_goes_to_the_host(start: Start) -> None:
    saved: list[dict[str, Any]] = []
    session = start(recorder(), on_save_config=saved.append)
    manager = session._plugin.plugin_manager.config_manager
    manager.save_config(manager.load_config() | {"sample": {"migrated": True}})
    assert saved == [{"migrated": True}]


@pytest.mark.parametrize(("enabled", "calls"), [(True, ["on_enable"]), (False, [])])
def test_an_enabled_plugin_is_told_so_when_it_starts(start: Start, enabled: bool, calls: list[str]) -> None:
    assert start(recorder(), config={"enabled": enabled})._plugin.calls == calls


def test_the_end_cleans_up_then_disables_once(start: Start) -> None:
    session = start(recorder())
    plugin = session._plugin
    plugin.calls.clear()
    session.close()
    session.close()
    assert plugin.calls == ["cleanup", "on_disable"]
    assert plugin.enabled is False


def test_a_failing_cleanup_is_reported_after_disabling(start: Start) -> None:
    session = start(recorder())
    plugin = session._plugin
    plugin.cleanup = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        session.close()
    assert plugin.calls[-1] == "on_disable"


def test_the_managers_lead_to_each_other(start: Start) -> None:
    session = start(recorder(), manifest={"display_modes": ["a"]}, global_config={"timezone": "Europe/Oslo"})
    plugin = session._plugin
    manager = plugin.plugin_manager
    assert manager.font_manager is session.fonts
    assert manager.config_manager is plugin.cache_manager.config_manager
    assert plugin.cache_manager.config_manager.get_timezone() == "Europe/Oslo"
    assert plugin.global_config["timezone"] == "Europe/Oslo"
    assert plugin.get_live_modes() == ["a"]
    assert (manager.get_plugin("sample"), manager.get_plugin("ledmatrix-stocks")) == (plugin, None)


def test_deferred_work_runs_between_frames(start: Start) -> None:
    session = start(recorder())
    plugin = session._plugin
    plugin.calls.clear()
    plugin.display_manager.defer_update(plugin.update, priority=1)
    session.process_deferred()
    assert plugin.calls == ["update"]
