"""Whole passes: repair, adoption, verdicts, the log, and what is left to a person."""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from plugins_app.config.store import effective_settings, save_settings
from plugins_app.lifecycle import requests
from plugins_app.models import (
    Issue,
    Operation,
    Plugin,
    PluginConfig,
    ProductStart,
    ReconcileRun,
    RegistrySource,
    RepairVerdict,
    Tombstone,
    Trust,
)
from plugins_app.operations.run import run
from plugins_app.reconcile import verdicts
from plugins_app.reconcile.converge import converge
from plugins_app.reconcile.folders import check_folders
from plugins_app.reconcile.report import last_run
from plugins_app.reconcile.start import on_worker_start
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process  # every installation tries the plugin out in a process of its own

WHO = "mia"
REGISTRY = "/registry/plugins.json"


def install(shop: Shop, plugin_id: str = "alpha") -> None:
    shop.offer(plugin_id)
    shop.finish(requests.request_install(plugin_id, requested_by=WHO))


def legacy(plugin_id: str) -> Plugin:
    plugin = Plugin.objects.create(plugin_id=plugin_id, name=plugin_id, version="0", source="registry", enabled=True)
    PluginConfig.objects.create(plugin=plugin, values={"text": "MINE"})
    return plugin


def installs() -> int:
    return Operation.objects.filter(kind="install").count()


def test_files_that_are_gone_come_back_with_settings_order_and_switch_as_they_were(shop: Shop) -> None:
    install(shop)
    save_settings("alpha", {"text": "MINE"}, partial=True, requested_by=WHO)
    Plugin.objects.update(enabled=False, position=7)
    shutil.rmtree(shop.plugin_dir / "alpha")
    row = converge(shop.context, run=run)
    plugin = Plugin.objects.get()
    assert [(entry["plugin_id"], entry["kind"]) for entry in row.fixed] == [("alpha", "missing")]
    assert (plugin.enabled, plugin.position, plugin.missing, effective_settings(plugin)["text"]) == (False, 7, False, "MINE")
    assert (shop.plugin_dir / "alpha" / "manager.py").is_file()


def test_a_registry_of_others_that_does_not_answer_keeps_no_repair_away(shop: Shop) -> None:
    install(shop)
    RegistrySource.objects.create(name="gone", url=f"{shop.hub.url}/raw/gone/list/main/plugins.json", trust=Trust.ADDED, position=1)
    shop.hub.fail("/raw/gone", status=503)
    shutil.rmtree(shop.plugin_dir / "alpha")
    assert [entry["plugin_id"] for entry in converge(shop.context, run=run).fixed] == ["alpha"]


def test_a_second_pass_finds_nothing(shop: Shop) -> None:
    install(shop)
    shutil.rmtree(shop.plugin_dir / "alpha")
    converge(shop.context, run=run)
    shop.hub.counts.clear()
    assert converge(shop.context, run=run).findings == []
    assert not shop.hub.counts


def test_legacy_ids_two_are_beyond_repair_without_an_install_and_two_are_repaired(shop: Shop) -> None:
    for plugin_id in ("music", "weather"):
        shop.offer(f"ledmatrix-{plugin_id}")
        shop.entries[f"ledmatrix-{plugin_id}"]["id"] = plugin_id
    shop.publish()
    for plugin_id in ("github", "youtube", "music", "weather"):
        legacy(plugin_id)
    row = converge(shop.context, run=run)
    assert sorted(entry["plugin_id"] for entry in row.fixed) == ["music", "weather"]
    assert sorted(entry["plugin_id"] for entry in row.manual) == ["github", "youtube"]
    assert installs() == 2
    assert sorted(Plugin.objects.filter(missing=False).values_list("plugin_id", flat=True)) == ["ledmatrix-music", "ledmatrix-weather"]
    assert effective_settings(Plugin.objects.get(pk="ledmatrix-music"))["text"] == "MINE"
    assert PluginConfig.objects.count() == Plugin.objects.count() == 4


def test_what_is_in_no_registry_is_tried_once_and_costs_nothing_afterwards(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.offer("alpha")
    legacy("fakeplugin")
    with caplog.at_level(logging.INFO, logger="plugins_app.reconcile"):
        converge(shop.context, run=run)
        shop.hub.counts.clear()
        for _ in range(5):
            row = converge(shop.context, run=run)
    lines = [record.getMessage() for record in caplog.records if record.name == "plugins_app.reconcile"]
    assert lines == ["fakeplugin: missing, manual fix required: It is not in the registry."]
    assert (installs(), dict(shop.hub.counts)) == (0, {})
    assert [(entry["plugin_id"], entry["kind"], entry["actions"]) for entry in row.manual] == [
        ("fakeplugin", "missing", ["retry", "remove"])
    ]
    assert Issue.objects.filter(kind="missing", subject="fakeplugin", resolved_at=None).count() == 1


def test_force_forgets_verdicts_and_tries_exactly_once(shop: Shop) -> None:
    shop.offer("beta")
    legacy("alpha")
    converge(shop.context, run=run)
    shop.offer("alpha")
    Operation.objects.all().delete()
    RepairVerdict.objects.update(registry_digest=verdicts.registry_digest())
    assert converge(shop.context, run=run).fixed == []
    assert [entry["plugin_id"] for entry in converge(shop.context, run=run, force=True).fixed] == ["alpha"]
    assert installs() == 1
    assert not Issue.objects.filter(kind="missing", resolved_at=None).exists()


def test_a_registry_with_other_content_is_reason_enough_to_try_again(shop: Shop) -> None:
    shop.offer("beta")
    legacy("alpha")
    converge(shop.context, run=run)
    shop.offer("alpha")
    assert [entry["plugin_id"] for entry in converge(shop.context, run=run).fixed] == ["alpha"]


@pytest.mark.parametrize("trouble", ["refused", "empty", "html"])
def test_a_registry_that_cannot_be_asked_is_never_a_verdict_for_good(shop: Shop, trouble: str) -> None:
    legacy("alpha")
    if trouble == "refused":
        shop.hub.refuse()
    else:
        shop.hub.set_registry({"version": "1", "plugins": []} if trouble == "empty" else "<html>")
    row = converge(shop.context, run=run)
    verdict = RepairVerdict.objects.get()
    assert (verdict.definitive, verdict.attempts, installs()) == (False, 1, 0)
    assert [entry["plugin_id"] for entry in row.manual] == ["alpha"]


def test_transient_failures_are_tried_again_after_1_5_and_30_minutes_and_at_the_next_start(shop: Shop) -> None:
    legacy("alpha")
    shop.hub.refuse()
    waits = []
    for _ in range(4):
        converge(shop.context, run=run)
        verdict = RepairVerdict.objects.get()
        waits.append(round((verdict.retry_at - timezone.now()).total_seconds() / 60) if verdict.retry_at else None)
        RepairVerdict.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now() - timedelta(seconds=1))
    assert waits == [1, 5, 30, None]
    converge(shop.context, run=run)
    assert RepairVerdict.objects.get().attempts == 4
    ProductStart.objects.create(start_id="next")
    converge(shop.context, run=run)
    assert RepairVerdict.objects.get().attempts == 1


def test_an_install_that_can_never_work_is_a_verdict_for_good(shop: Shop) -> None:
    shop.offer("alpha", code="raise RuntimeError('broken')")
    legacy("alpha")
    converge(shop.context, run=run)
    converge(shop.context, run=run)
    assert (installs(), RepairVerdict.objects.get().definitive) == (1, True)


def test_a_live_tombstone_forbids_any_repair(shop: Shop) -> None:
    shop.offer("alpha")
    legacy("alpha")
    Tombstone.objects.create(plugin_id="alpha")
    converge(shop.context, run=run, force=True)
    assert installs() == 0


def test_a_folder_put_there_by_hand_is_adopted_disabled_and_never_overwritten(shop: Shop) -> None:
    folder = shop.put_folder("alpha")
    (folder / "note.txt").write_text("mine")
    converge(shop.context, run=run)
    plugin = Plugin.objects.get()
    assert (plugin.source, plugin.enabled, plugin.missing) == ("local", False, False)
    (folder / "manager.py").write_text("# rewritten by hand")
    (folder / "config_schema.json").unlink()
    assert converge(shop.context, run=run).findings == []
    assert sorted(path.name for path in folder.iterdir()) == ["manager.py", "manifest.json", "note.txt"]


def test_a_damaged_version_gives_way_to_the_one_before(shop: Shop) -> None:
    install(shop)
    shop.offer("alpha", version="2.0.0")
    shop.finish(requests.request_update("alpha", requested_by=WHO))
    (shop.plugin_dir / "alpha" / "manager.py").write_bytes(b"")
    row = converge(shop.context, run=run)
    plugin = Plugin.objects.get()
    assert (plugin.version, plugin.missing, [entry["kind"] for entry in row.fixed]) == ("1.0.0", False, ["damaged"])
    assert (shop.plugin_dir / "alpha" / "manager.py").stat().st_size > 0
    assert Issue.objects.filter(kind="fallen-back", resolved_at=None).exists()


def test_a_folder_of_somebody_else_in_a_plugins_place_is_left_alone(shop: Shop) -> None:
    install(shop)
    shutil.rmtree(shop.plugin_dir / "alpha")
    (shop.plugin_dir / "alpha").mkdir()
    (shop.plugin_dir / "alpha" / "precious.txt").write_text("mine")
    row = converge(shop.context, run=run)
    assert [(entry["kind"], entry["actions"]) for entry in row.manual] == [("foreign-folder", ["adopt", "retry", "remove", "ignore"])]
    assert (shop.plugin_dir / "alpha" / "precious.txt").read_text() == "mine"


def test_the_start_up_pass_is_queued_once_per_start(shop: Shop) -> None:
    for _ in range(3):
        on_worker_start("start-1")
    operation = Operation.objects.get(kind="reconcile")
    assert shop.finish(operation).status == "succeeded"
    on_worker_start("start-1")
    assert Operation.objects.filter(kind="reconcile").count() == 1
    on_worker_start("start-2")
    assert Operation.objects.filter(kind="reconcile").count() == 2


def test_a_pass_is_marked_done_when_it_raises_too(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    on_worker_start("start-1")
    monkeypatch.setattr("plugins_app.reconcile.converge.gather", lambda context: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        converge(shop.context, run=run)
    assert ProductStart.objects.get().reconciled_at is not None
    assert ReconcileRun.objects.get().finished_at is not None


def test_the_last_run_is_there_for_the_api(shop: Shop) -> None:
    assert last_run() == {"findings": [], "fixed": [], "manual_fix_required": [], "finished_at": None}
    shop.offer("beta")
    legacy("fakeplugin")
    converge(shop.context, run=run)
    report = last_run()
    (entry,) = report["manual_fix_required"]
    assert set(entry) == {"plugin_id", "kind", "reason", "since", "actions"}
    assert report["finished_at"] is not None


def test_the_look_at_folders_notes_what_went_came_back_or_was_edited(shop: Shop) -> None:
    install(shop)
    live = shop.plugin_dir / "alpha"
    shop.put_folder("handmade")
    live.rename(shop.folder / "away")
    check_folders(shop.context)
    assert dict(Plugin.objects.values_list("plugin_id", "missing")) == {"alpha": True, "handmade": False}
    (shop.folder / "away").rename(live)
    manifest = live / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"Alpha"', '"Renamed"'))
    check_folders(shop.context)
    plugin = Plugin.objects.get(pk="alpha")
    assert (plugin.missing, plugin.name, installs()) == (False, "Renamed", 1)
