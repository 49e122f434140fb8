"""Plugins of a LEDMatrix folder are installed, set, switched and ordered by what everybody uses, as often as it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugins_app.config import store
from plugins_app.ledmatrix.bring import ask_registries
from plugins_app.ledmatrix.choice import SINCE
from plugins_app.ledmatrix.document import sort_document
from plugins_app.ledmatrix.files import read_files
from plugins_app.ledmatrix.outcome import PluginOutcome
from plugins_app.ledmatrix.plugins import REMOVED, plan_plugins, take_over_order, take_over_plugins
from plugins_app.ledmatrix.survey import Candidate, survey
from plugins_app.lifecycle.enable import set_enabled, set_order
from plugins_app.lifecycle.requests import request_install, request_uninstall
from plugins_app.models import AuditEntry, Operation, OperationStatus, Plugin, RegistryEntry, RegistrySource, Revision, Source
from tests.fakes.ledmatrix import as_it_is, make_ledmatrix
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process  # every installation tries the plugin out in a process of its own


def candidates(folder: Path) -> list[Candidate]:
    files = read_files(folder)
    return survey(files, sort_document(files.config, files.secrets).sections)


def bring(folder: Path, *, overwrite: bool = False) -> dict[str, PluginOutcome]:
    options: dict[str, Any] = {"overwrite": overwrite, "requested_by": "ada"}
    found = candidates(folder)
    outcomes = list(take_over_plugins(found, report=lambda text: None, **options))
    take_over_order([each.plugin_id for each in outcomes], **options)
    return {each.plugin_id: each for each in outcomes}


def rows() -> list[tuple[str, str, bool]]:
    return [(plugin.plugin_id, plugin.source, plugin.enabled) for plugin in Plugin.objects.in_order()]


def state() -> Any:
    operations = Operation.objects.count()
    return (
        rows(),
        AuditEntry.objects.count(),
        operations,
        Revision.all_values(),
        [store.snapshot(each) for each in Plugin.objects.in_order()],
    )


@pytest.fixture
def led(shop: Shop) -> Path:
    """Two plugins of the registry and one that only its folder has."""
    for plugin_id in ("alpha", "beta"):
        shop.offer(plugin_id)
    sections = {"beta": {"enabled": True, "text": "there", "color": [1, 2, 3]}, "mine": {"enabled": True}, "alpha": {"enabled": False}}
    return make_ledmatrix(shop.folder / "led", sections=sections, plugins=("alpha", "beta", "mine"))


def test_all_come_over_with_switch_and_order_and_nothing_there_is_touched(shop: Shop, led: Path) -> None:
    shop.offer("gamma")
    shop.finish(request_install("gamma", requested_by="bob"))
    before = as_it_is(led)
    outcomes = bring(led)
    assert rows() == [
        ("beta", Source.REGISTRY, True),
        ("mine", Source.UPLOAD, True),
        ("alpha", Source.REGISTRY, False),
        ("gamma", Source.REGISTRY, True),
    ]
    assert store.effective_settings(Plugin.objects.get(pk="beta"))["text"] == "there"
    assert {name: (each.action, each.switch, each.problem) for name, each in outcomes.items()} == {
        "beta": ("install", True, None),
        "mine": ("install", True, None),
        "alpha": ("install", None, None),
    }
    assert as_it_is(led) == before
    assert not Plugin.objects.exclude(introduced_at=None).exclude(pk="gamma").exists()  # not one after the other onto the panel at once
    assert {"install", "settings", "toggle", "order"} <= set(AuditEntry.objects.filter(who="ada").values_list("what", flat=True))


def test_a_second_run_changes_nothing(shop: Shop, led: Path) -> None:
    bring(led)
    before = state()
    outcomes = bring(led)
    assert state() == before
    assert not any(each.is_change for each in outcomes.values())


def test_a_plan_says_what_will_be_and_does_nothing(shop: Shop, led: Path) -> None:
    before = state()
    planned = {each.plugin_id: each for each in plan_plugins(candidates(led), overwrite=False)}
    assert state() == before
    done = bring(led)
    assert {name: (each.action, each.taken, each.switch, each.found) for name, each in planned.items()} == {
        name: (each.action, each.taken, each.switch, each.found) for name, each in done.items()
    }


def test_switch_order_and_removal_by_hand_stay_unless_told_otherwise(shop: Shop, led: Path) -> None:
    bring(led)
    set_enabled("beta", enabled=False, requested_by="bob")
    set_order(["alpha", "beta"], requested_by="bob")
    shop.finish(request_uninstall("mine", requested_by="bob"))
    outcomes = bring(led)
    assert rows() == [("alpha", Source.REGISTRY, False), ("beta", Source.REGISTRY, False)]
    assert (outcomes["beta"].kept, outcomes["mine"].left_out) == ({"/enabled": SINCE}, REMOVED)
    bring(led, overwrite=True)
    assert rows() == [("beta", Source.REGISTRY, True), ("mine", Source.UPLOAD, True), ("alpha", Source.REGISTRY, False)]


def test_a_registry_id_stands_for_the_manifest_s(shop: Shop) -> None:
    folder = shop.offer("ledmatrix-weather")
    shop.entries["ledmatrix-weather"]["id"] = "weather"
    shop.publish()
    assert folder.is_dir()
    sections = {"weather": {"enabled": True, "text": "old name"}, "ledmatrix-weather": {"text": "new name"}}
    led = make_ledmatrix(shop.folder / "led", sections=sections)
    outcomes = bring(led.joinpath("config", "config.json"))
    assert [(each.plugin_id, each.keys) for each in outcomes.values()] == [("ledmatrix-weather", ("weather", "ledmatrix-weather"))]
    plugin = Plugin.objects.get()
    assert (plugin.plugin_id, plugin.enabled, plugin.source_ref["registry_id"]) == ("ledmatrix-weather", True, "weather")
    assert store.effective_settings(plugin)["text"] == "new name"


def test_names_from_before_there_were_plugins(shop: Shop) -> None:
    for plugin_id in ("clock-simple", "odds-ticker"):
        shop.offer(plugin_id)
    led = make_ledmatrix(
        shop.folder / "led", sections={"clock": {"enabled": True}, "odds_ticker": {"enabled": False}, "nhl": {"enabled": True}}
    )
    found = {each.section.key: (each.plugin_id, each.left_out) for each in candidates(led)}
    assert found["clock"] == ("clock-simple", "")
    assert found["odds_ticker"] == ("odds-ticker", "It was switched off there, under a name of earlier versions.")
    assert found["nhl"] == ("nhl", "No registry has it, and its folder is not there.")


def test_what_was_off_and_not_installed_there_is_left_out(shop: Shop, led: Path) -> None:
    shop.offer("delta")
    make_ledmatrix(led, sections={"delta": {"enabled": False, "text": "x"}})
    assert {each.plugin_id: bool(each.left_out) for each in candidates(led)}["delta"]
    assert not any(each.left_out for each in candidates(led / "config" / "config.json") if each.plugin_id == "delta")


def test_one_that_cannot_be_installed_keeps_no_other_away(shop: Shop, led: Path) -> None:
    shop.offer("beta", code="raise RuntimeError('broken')")
    outcomes = bring(led)
    assert (outcomes["beta"].problem or {})["code"] == "cannot-be-imported"
    assert [plugin_id for plugin_id, _, _ in rows()] == ["mine", "alpha"]
    shop.offer("beta")
    assert bring(led)["beta"].problem is None
    assert [plugin_id for plugin_id, _, _ in rows()] == ["beta", "mine", "alpha"]


def test_without_network_what_needs_none_is_done_and_the_next_run_does_the_rest(shop: Shop, led: Path) -> None:
    shop.hub.refuse()
    outcomes = bring(led)
    assert {name: (each.problem or {}).get("code") for name, each in outcomes.items()} == {
        "beta": "network-away",
        "mine": None,
        "alpha": "network-away",
    }
    shop.hub.accept()
    Operation.objects.filter(status=OperationStatus.QUEUED).update(retry_at=None)
    bring(led)
    assert rows() == [("beta", Source.REGISTRY, True), ("mine", Source.UPLOAD, True), ("alpha", Source.REGISTRY, False)]


def test_registries_that_never_answered_are_asked_and_their_silence_is_told(shop: Shop, led: Path) -> None:
    assert ask_registries(report=lambda text: None, requested_by="ada") == ""
    RegistryEntry.objects.all().delete()
    RegistrySource.objects.update(fetched_at=None)
    shop.hub.refuse()
    assert "refuses" in ask_registries(report=lambda text: None, requested_by="ada")
    # From its folder it would never be updated, and the registry may have it.
    assert {each.left_out for each in candidates(led)} == {"No registry could be asked for it."}


def test_what_another_run_has_begun_is_finished_first(shop: Shop, led: Path) -> None:
    first = request_install("beta", enable=False, requested_by="earlier")
    bring(led)
    first.refresh_from_db()
    assert first.status == OperationStatus.SUCCEEDED
    assert Operation.objects.filter(plugin_id="beta").count() == 1


def test_own_files_in_a_plugin_s_folder_there_are_named(shop: Shop, led: Path) -> None:
    (led / "plugin-repos" / "beta" / "token.pickle").write_bytes(b"login")
    outcomes = bring(led)
    assert (outcomes["beta"].own_files, outcomes["mine"].own_files) == (("token.pickle",), ())
