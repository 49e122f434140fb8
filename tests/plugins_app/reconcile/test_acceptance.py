"""What a person sees of reconciliation: over HTTP, through the worker's own entry points, against a real registry."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from plugins_app.lifecycle import requests
from plugins_app.models import Operation, Plugin, PluginConfig, ReconcileRun, RepairVerdict, Revision, Tombstone
from plugins_app.operations.run import run
from plugins_app.operations.schedule import tick
from plugins_app.reconcile import verdicts
from plugins_app.reconcile.converge import converge
from plugins_app.reconcile.start import on_worker_start
from plugins_app.store.catalogue import browse
from plugins_app.tasks import check_folders
from tests.fakes.people import client_of
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process  # an installation tries the plugin out in a process of its own

WHO = "mia"
REGISTRY = "/registry/plugins.json"
LOGGER = "plugins_app.reconcile"


def legacy(plugin_id: str, **values: Any) -> Plugin:
    plugin = Plugin.objects.create(plugin_id=plugin_id, name=plugin_id, version="0", source="registry", enabled=True, **values)
    PluginConfig.objects.create(plugin=plugin, values={})
    return plugin


def work_off() -> None:
    """Do what waits for workers."""
    while Operation.objects.due().exists():
        for operation in Operation.objects.due().order_by("pk"):
            run(operation.pk)


def start(name: str) -> None:
    """Start the product: every worker says so, one of them does the pass."""
    for _ in range(2):
        on_worker_start(name)
    work_off()


def load_pages(client: APIClient, times: int) -> None:
    for _ in range(times):
        assert client.get("/api/v3/plugins/installed").status_code == 200
        assert client.get("/api/v3/plugins/store/list").status_code == 200
        assert client.get("/api/v3/plugins/state/reconcile").status_code == 200
    tick()


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == LOGGER]


def installs() -> int:
    return Operation.objects.filter(kind="install").count()


def test_fifty_page_loads_cost_no_pass_no_try_and_no_line(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.offer("alpha")
    legacy("fakeplugin")
    with caplog.at_level(logging.INFO, logger=LOGGER):
        start("first")
        assert said(caplog) == ["fakeplugin: missing, manual fix required: It is not in the registry."]
        caplog.clear()
        shop.hub.forget_counts()
        load_pages(client_of(), 50)
        work_off()
    assert (said(caplog), installs(), ReconcileRun.objects.count()) == ([], 0, 1)
    assert shop.hub.total(REGISTRY) == shop.hub.total("/example") == 0


def test_a_further_pass_says_only_what_has_changed(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.offer("alpha")
    legacy("fakeplugin")
    with caplog.at_level(logging.INFO, logger=LOGGER):
        start("first")
        caplog.clear()
        converge(shop.context, run=run, force=True)
        assert said(caplog) == []
        shop.offer("fakeplugin")
        converge(shop.context, run=run)
        assert said(caplog) == ["fakeplugin: missing, fixed: It was installed again."]
        caplog.clear()
        converge(shop.context, run=run)
    assert said(caplog) == []


def test_a_restart_makes_one_pass_and_asks_nothing_about_what_is_known_to_be_gone(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.offer("alpha")
    legacy("fakeplugin")
    start("first")
    caplog.clear()
    shop.hub.forget_counts()
    with caplog.at_level(logging.INFO, logger=LOGGER):
        start("second")
        load_pages(client_of(), 13)
    assert (len(said(caplog)), installs(), ReconcileRun.objects.count()) == (1, 0, 2)
    assert RepairVerdict.objects.get().definitive
    assert shop.hub.total(REGISTRY) == 0


def test_what_is_beyond_repair_costs_the_registry_and_no_download(shop: Shop) -> None:
    shop.offer("alpha")
    for plugin_id in ("one", "two", "three"):
        legacy(plugin_id)
    shop.hub.forget_counts()
    converge(shop.context, run=run)
    assert dict(shop.hub.counts) == {REGISTRY: 1}


def test_on_a_fresh_start_without_network_the_store_is_empty_and_no_verdict_is_final(shop: Shop) -> None:
    legacy("alpha")
    shop.hub.drop("/")
    start("first")
    assert browse().as_dict()["results"] == []
    assert [verdict.definitive for verdict in RepairVerdict.objects.all()] == [False]


def test_the_questions_come_in_their_order(shop: Shop) -> None:
    """Known as gone before removed, removed before the registry, the registry before an installation; force only empties the first."""
    shop.offer("alpha")
    shop.offer("beta")
    legacy("alpha")
    Tombstone.objects.create(plugin_id="alpha")
    verdicts.judge_definitive("alpha", "It is gone.", start_id="")
    shop.hub.forget_counts()
    reasons = [entry["reason"] for entry in converge(shop.context, run=run).manual]
    reasons += [entry["reason"] for entry in converge(shop.context, run=run, force=True).manual]
    assert reasons == ["It is gone.", "It was removed on purpose a moment ago."]
    assert (shop.hub.total(REGISTRY), installs()) == (0, 0)
    Tombstone.objects.all().delete()
    Plugin.objects.filter(plugin_id="alpha").delete()
    legacy("nowhere")
    converge(shop.context, run=run)
    assert (shop.hub.total(REGISTRY), installs()) == (1, 0)


def test_plugins_are_looked_for_again_only_when_something_was_repaired(shop: Shop) -> None:
    shop.offer("alpha")
    legacy("fakeplugin", missing=True)
    before = Revision.all_values().get("generation")
    converge(shop.context, run=run)
    assert Revision.all_values().get("generation") == before
    legacy("alpha", missing=True)
    converge(shop.context, run=run)
    assert Revision.all_values().get("generation") != before


def _at_start() -> None:
    start("first")


def _by_api() -> None:
    assert client_of().post("/api/v3/plugins/state/reconcile", {"force": True}, format="json").status_code == 202
    work_off()


def _by_command() -> None:
    call_command("reconcileplugins")


@pytest.mark.parametrize("enter", [_at_start, _by_api, _by_command])
def test_every_way_in_can_repair(shop: Shop, enter: Callable[[], None]) -> None:
    shop.offer("alpha")
    legacy("alpha")
    enter()
    assert not Plugin.objects.get().missing
    assert (shop.plugin_dir / "alpha" / "manager.py").is_file()


def test_verdicts_are_rows_that_outlive_the_process(shop: Shop) -> None:
    shop.offer("alpha")
    legacy("fakeplugin")
    start("first")
    verdict = RepairVerdict.objects.values().get()
    start("second")
    assert RepairVerdict.objects.values().get() == verdict


def test_a_tombstone_forbids_repair_for_five_minutes_and_stays_as_history(shop: Shop) -> None:
    shop.offer("alpha")
    legacy("alpha")
    tombstone = Tombstone.objects.create(plugin_id="alpha")
    assert settings.LEDSITE.tombstone_seconds == 300
    converge(shop.context, run=run)
    assert installs() == 0
    tombstone.removed_at = timezone.now() - timedelta(seconds=301)
    tombstone.save()
    assert not tombstone.is_active()
    converge(shop.context, run=run)
    assert installs() == 1


def test_a_person_may_install_what_was_just_removed(shop: Shop) -> None:
    shop.offer("alpha")
    Tombstone.objects.create(plugin_id="alpha")
    assert shop.finish(requests.request_install("alpha", requested_by=WHO)).status == "succeeded"
    assert not Tombstone.objects.exists()


@pytest.mark.parametrize("is_by_command", [False, True])
def test_worker_and_command_remove_in_the_same_way(shop: Shop, is_by_command: bool) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    if is_by_command:
        call_command("uninstallplugin", "alpha")
    else:
        client_of().post("/api/v3/plugins/uninstall", {"plugin_id": "alpha"}, format="json")
        work_off()
    operation = Operation.objects.get(kind="uninstall")
    assert (operation.status, operation.phase, operation.attempts) == ("succeeded", "done", 1)
    assert not PluginConfig.objects.exists() and not (shop.plugin_dir / "alpha").exists()
    assert Tombstone.objects.get().can_be_undone()


def test_what_was_removed_stays_gone_whatever_happens(shop: Shop, tmp_path: Path) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    shutil.copytree(shop.plugin_dir / "alpha", tmp_path / "copy")
    client = client_of()
    client.post("/api/v3/plugins/uninstall", {"plugin_id": "alpha"}, format="json")
    work_off()

    def is_gone() -> bool:
        rows = client.get("/api/v3/plugins/installed?refresh=1").json()
        return rows["count"] == 0 and not Plugin.objects.exists()

    for _ in range(50):
        assert is_gone()
    shutil.copytree(tmp_path / "copy", shop.plugin_dir / "alpha")
    check_folders()
    assert is_gone()
    shutil.rmtree(shop.plugin_dir / "alpha")
    start("first")
    client.post("/api/v3/plugins/store/refresh", {"force": True}, format="json")
    client.post("/api/v3/plugins/state/reconcile", {"force": True}, format="json")
    work_off()
    assert is_gone()
    assert not (shop.plugin_dir / "alpha").exists()


def test_a_failure_is_told_in_words_with_a_code_and_a_hint(shop: Shop) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    shutil.rmtree(shop.context.paths.private / "store", ignore_errors=True)
    (shop.context.paths.private / "store").write_text("in the way")
    shop.offer("beta", code="raise RuntimeError('broken')")
    client = client_of()
    for path, plugin_id in (("uninstall", "alpha"), ("install", "beta")):
        address = client.post(f"/api/v3/plugins/{path}", {"plugin_id": plugin_id}, format="json").headers["Location"]
        work_off()
        answer = client.get(address).json()
        assert answer["status"] == "failed"
        assert sorted(answer["error"]) == ["code", "hint", "message"] and all(answer["error"].values())
    assert client.get("/api/v3/plugins/installed").json()["count"] == 1


def test_an_update_asks_the_registry_anew_however_fresh_the_last_answer_is(shop: Shop) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    (shop.folder / "repository" / "plugins" / "alpha" / "manifest.json").write_text(
        (shop.folder / "repository" / "plugins" / "alpha" / "manifest.json").read_text().replace('"1.0.0"', '"2.0.0"')
    )
    shop.entries["alpha"]["latest_version"] = "2.0.0"
    shop.hub.set_registry({"version": "1.0.0", "last_updated": "2026-06-02", "plugins": list(shop.entries.values())})
    shop.hub.add_repository("example/plugins", {"plugins/alpha": shop.folder / "repository" / "plugins" / "alpha"})
    assert Plugin.objects.get().version == "1.0.0"
    shop.finish(requests.request_update("alpha", requested_by=WHO))
    assert Plugin.objects.get().version == "2.0.0"


def test_whether_there_is_an_update_costs_no_request(shop: Shop) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    shop.entries["alpha"]["latest_version"] = "2.0.0"
    shop.publish()
    shop.hub.forget_counts()
    (row,) = client_of().get("/api/v3/plugins/installed").json()["results"]
    assert (row["update_available"], row["latest_version"]) == (True, "2.0.0")
    assert not shop.hub.counts
