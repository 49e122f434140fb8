"""What is found besides missing files, and what a person does about it: retry, adopt, remove, ignore."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import pytest

from plugins_app.config.store import effective_settings
from plugins_app.exceptions import BadRequest, Conflict, NotFound
from plugins_app.lifecycle import requests
from plugins_app.models import IgnoredFinding, Issue, Operation, Plugin, PluginConfig, ReconcileRun, Tombstone
from plugins_app.operations.run import run
from plugins_app.reconcile.actions import act
from plugins_app.reconcile.converge import converge
from plugins_app.reconcile.report import last_run
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process  # every installation tries the plugin out in a process of its own

WHO = "mia"


@pytest.fixture
def alpha(shop: Shop) -> Shop:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    (shop.plugin_dir / "alpha" / "written.txt").write_text("mine")
    return shop


def look(shop: Shop) -> list[tuple[str, str]]:
    return [(entry["plugin_id"], entry["kind"]) for entry in converge(shop.context, run=run).manual]


def edit_version(shop: Shop, version: str) -> None:
    path = shop.plugin_dir / "alpha" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": version}))


def lose_receipts(shop: Shop) -> None:
    shutil.rmtree(shop.context.paths.receipts("alpha"))


def make_foreign(shop: Shop) -> None:
    lose_receipts(shop)
    shutil.rmtree(shop.plugin_dir / "alpha")
    (shop.plugin_dir / "alpha").mkdir()
    (shop.plugin_dir / "alpha" / "written.txt").write_text("mine")


def put_leftover(shop: Shop) -> Path:
    folder = shop.plugin_dir / "gone" / ".deps" / "package"
    folder.mkdir(parents=True)
    return shop.plugin_dir / "gone"


TROUBLE = {"version-mismatch": lambda shop: edit_version(shop, "3.0.0"), "no-receipt": lose_receipts, "foreign-folder": make_foreign}


@pytest.mark.parametrize("kind", TROUBLE)
def test_another_try_installs_it_again_and_loses_nothing(alpha: Shop, kind: str) -> None:
    Plugin.objects.update(position=5, enabled=False)
    TROUBLE[kind](alpha)
    assert look(alpha) == [("alpha", kind)]
    done = act("alpha", "retry", requested_by=WHO)
    assert done.operation is not None and alpha.finish(done.operation).status == "succeeded"
    plugin = Plugin.objects.get()
    assert (plugin.source, plugin.version, plugin.position, plugin.enabled) == ("registry", "1.0.0", 5, False)
    kept = [path.read_text() for path in alpha.plugin_dir.rglob("written.txt")]
    assert kept and set(kept) == {"mine"}
    assert look(alpha) == [] and last_run()["manual_fix_required"] == []


@pytest.mark.parametrize("kind", ["version-mismatch", "no-receipt"])
def test_it_can_stay_as_it_is_and_no_update_overwrites_it(alpha: Shop, kind: str) -> None:
    TROUBLE[kind](alpha)
    look(alpha)
    assert "local plugin" in act("alpha", "adopt", requested_by=WHO).message
    plugin = Plugin.objects.get()
    assert (plugin.source, plugin.enabled, plugin.missing) == ("local", True, False)
    assert (alpha.plugin_dir / "alpha" / "written.txt").read_text() == "mine"
    with pytest.raises(Conflict):
        requests.request_update("alpha", requested_by=WHO)
    assert look(alpha) == []
    assert not Issue.objects.filter(resolved_at=None).exists()


def test_a_folder_without_a_manifest_cannot_be_adopted(alpha: Shop) -> None:
    make_foreign(alpha)
    look(alpha)
    before = Plugin.objects.values().get()
    with pytest.raises(Exception, match="manifest"):
        act("alpha", "adopt", requested_by=WHO)
    assert Plugin.objects.values().get() == before


def test_an_installed_plugin_is_removed_by_an_ordinary_uninstall(alpha: Shop) -> None:
    edit_version(alpha, "3.0.0")
    look(alpha)
    done = act("alpha", "remove", requested_by=WHO)
    assert done.operation is not None and alpha.finish(done.operation).kind == "uninstall"
    assert not Plugin.objects.exists() and Tombstone.objects.get().can_be_undone()


def test_settings_that_the_schema_refuses_get_their_default_on_request_only(alpha: Shop) -> None:
    PluginConfig.objects.update(values={"text": 7, "unknown": "kept"})
    assert look(alpha) == [("alpha", "invalid-settings")]
    assert PluginConfig.objects.get().values["text"] == 7
    assert act("alpha", "retry", requested_by=WHO).operation is None
    assert PluginConfig.objects.get().values == {"unknown": "kept"}
    assert isinstance(effective_settings(Plugin.objects.get())["text"], str)
    assert look(alpha) == []


def test_packages_without_a_plugin_are_reported_and_removed_on_request(alpha: Shop) -> None:
    folder = put_leftover(alpha)
    assert look(alpha) == [("gone", "orphaned-dependencies")]
    assert folder.is_dir()
    act("gone", "remove", requested_by=WHO)
    assert not folder.exists() and look(alpha) == []


def test_an_ignored_finding_is_silent_until_it_has_gone_and_come_back(alpha: Shop, caplog: pytest.LogCaptureFixture) -> None:
    folder = put_leftover(alpha)
    look(alpha)
    act("gone", "ignore", requested_by=WHO)
    assert not Issue.objects.filter(resolved_at=None).exists()
    with caplog.at_level(logging.INFO, logger="plugins_app.reconcile"):
        assert look(alpha) == look(alpha) == []
    lines = [record.getMessage() for record in caplog.records if record.name == "plugins_app.reconcile"]
    assert lines[1:] == ["gone: orphaned-dependencies, ignored: Only installed packages are left of it."]
    assert [entry["verdict"] for entry in ReconcileRun.objects.first().findings] == ["ignored"]
    folder.rename(alpha.folder / "away")
    assert look(alpha) == [] and not IgnoredFinding.objects.exists()
    (alpha.folder / "away").rename(folder)
    assert look(alpha) == [("gone", "orphaned-dependencies")]


def test_a_removed_plugin_that_reappeared_is_adopted_on_request_and_its_tombstone_goes(alpha: Shop) -> None:
    alpha.finish(requests.request_uninstall("alpha", requested_by=WHO))
    alpha.put_folder("alpha")
    assert look(alpha) == [("alpha", "unknown-folder")]
    act("alpha", "adopt", requested_by=WHO)
    plugin = Plugin.objects.get()
    assert (plugin.source, plugin.enabled, Tombstone.objects.count()) == ("local", False, 0)
    assert look(alpha) == []


def test_a_folder_with_another_name_gets_the_name_of_its_manifest(alpha: Shop) -> None:
    alpha.put_folder("my-copy", manifest_id="beta")
    assert look(alpha) == [("my-copy", "unknown-folder")]
    act("my-copy", "adopt", requested_by=WHO)
    assert Plugin.objects.get(pk="beta").source == "local"
    assert not (alpha.plugin_dir / "my-copy").exists() and look(alpha) == []
    alpha.put_folder("alpha-copy", manifest_id="alpha")
    look(alpha)
    with pytest.raises(Conflict):
        act("alpha-copy", "adopt", requested_by=WHO)


def test_a_decided_operation_that_cannot_end_is_a_finding_and_goes_on_on_request(alpha: Shop) -> None:
    operation = Operation.objects.create(kind="uninstall", plugin_id="beta", status="queued", phase="committed", error_code="disk")
    Issue.report("interrupted-operation", "beta", "beta: stuck")
    done = act("beta", "retry", requested_by=WHO)
    assert done.operation == operation


def test_what_a_dead_worker_left_is_told_as_fixed(alpha: Shop) -> None:
    operation = requests.request_update("alpha", requested_by=WHO)
    Operation.objects.filter(pk=operation.pk).update(status="running", phase="fetched", owner="dead")
    row = converge(alpha.context, run=run)
    assert [(entry["plugin_id"], entry["kind"]) for entry in row.fixed] == [("alpha", "interrupted-operation")]


def test_what_is_not_there_or_does_not_help_is_refused(alpha: Shop) -> None:
    put_leftover(alpha)
    look(alpha)
    with pytest.raises(NotFound):
        act("alpha", "retry", requested_by=WHO)
    with pytest.raises(NotFound):
        act("gone", "remove", kind="missing", requested_by=WHO)
    for action in ("retry", "explode"):
        with pytest.raises(BadRequest):
            act("gone", action, requested_by=WHO)
