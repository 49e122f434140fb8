"""Removing and bringing back: one commit with the tombstone, the host inside the rollback boundary, and nothing that returns by itself."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from plugins_app.config import store as config_store
from plugins_app.config.store import save_settings
from plugins_app.exceptions import Conflict, DiskProblem, NotFound
from plugins_app.installer.files import digests_of
from plugins_app.lifecycle import requests, uninstall
from plugins_app.lifecycle.listing import installed_plugins
from plugins_app.models import AuditEntry, Operation, Plugin, PluginConfig, PluginSecret, Tombstone
from plugins_app.models.plugin import UNDO_DAYS
from plugins_app.operations.retention import tidy_up
from plugins_app.operations.run import run
from plugins_app.reconcile.converge import converge
from plugins_app.reconcile.folders import check_folders
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process  # every installation tries the plugin out in a process of its own

WHO = "mia"


@pytest.fixture
def alpha(shop: Shop) -> Iterator[Shop]:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    save_settings("alpha", {"text": "MINE"}, partial=True, requested_by=WHO)
    PluginSecret.objects.create(plugin_id="alpha", path="/key", ciphertext="sealed")
    (shop.plugin_dir / "alpha" / "written.txt").write_text("mine")
    yield shop


def remove(shop: Shop) -> Operation:
    return shop.finish(requests.request_uninstall("alpha", requested_by=WHO))


@contextlib.contextmanager
def host_of(shop: Shop, plugin_id: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that holds a plugin's live lock and does not let go, as a host that hangs."""
    lock = str(shop.context.paths.live_lock(plugin_id))
    code = "import sys, time, pathlib; from plugins_app.package.livelock import share_live_lock as share; "
    code += "held = share(pathlib.Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, lock], stdout=subprocess.PIPE) as host:
        assert host.stdout is not None and host.stdout.readline() == b"held\n"
        yield host
        host.kill()


def rows() -> list[object]:
    return [
        *Plugin.objects.values(),
        *PluginConfig.objects.values("plugin_id", "values"),
        *PluginSecret.objects.values("plugin_id", "path", "ciphertext"),
    ]


def test_nothing_is_left_but_the_tombstone(alpha: Shop) -> None:
    assert remove(alpha).status == "succeeded"
    assert rows() == []
    assert [path.name for path in alpha.plugin_dir.iterdir()] == [".ledsite"]
    assert Tombstone.objects.get().is_active()


def test_undo_brings_back_files_rows_settings_and_secrets_byte_for_byte(alpha: Shop) -> None:
    before, files = rows(), digests_of(alpha.plugin_dir / "alpha")
    remove(alpha)
    operation = alpha.finish(requests.request_undo_uninstall("alpha", requested_by=WHO))
    assert operation.status == "succeeded"
    assert rows() == before
    assert digests_of(alpha.plugin_dir / "alpha") == files
    assert not Tombstone.objects.exists()


def test_undo_brings_the_way_back_to_the_earlier_version_too(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0")
    alpha.finish(requests.request_update("alpha", requested_by=WHO))
    before = rows()
    remove(alpha)
    converge(alpha.context, run=run)
    alpha.finish(requests.request_undo_uninstall("alpha", requested_by=WHO))
    assert rows() == before
    assert alpha.finish(requests.request_rollback("alpha", requested_by=WHO)).status == "succeeded"
    assert Plugin.objects.get().version == "1.0.0"


def test_undo_brings_back_a_folder_of_a_persons_own_whatever_they_deleted_in_it(shop: Shop) -> None:
    folder = shop.put_folder("alpha")
    check_folders(shop.context)
    (folder / "config_schema.json").unlink()
    before = rows()
    remove(shop)
    assert shop.finish(requests.request_undo_uninstall("alpha", requested_by=WHO)).warnings == []
    assert rows() == before
    assert not (folder / "config_schema.json").exists() and (folder / "manager.py").is_file()


@pytest.mark.parametrize("when", ["before", "after"])
def test_undo_brings_settings_back_where_the_files_are_gone_and_a_check_installs_them(alpha: Shop, when: str) -> None:
    lost = {"before": alpha.plugin_dir / "alpha", "after": alpha.context.paths.store("alpha")}
    if when == "before":
        shutil.rmtree(lost[when])
        check_folders(alpha.context)
    remove(alpha)
    if when == "after":
        shutil.rmtree(lost[when])
    operation = alpha.finish(requests.request_undo_uninstall("alpha", requested_by=WHO))
    assert (operation.status, len(operation.warnings), Plugin.objects.get().missing) == ("succeeded", 1, True)
    assert config_store.effective_settings(Plugin.objects.get())["text"] == "MINE"
    converge(alpha.context, run=run)
    assert not Plugin.objects.get().missing and (alpha.plugin_dir / "alpha" / "manager.py").is_file()


def test_what_was_removed_never_comes_back_by_itself(alpha: Shop) -> None:
    alpha.finish(requests.request_uninstall("alpha", preserve_config=True, requested_by=WHO))
    for _ in range(3):
        assert installed_plugins(refresh=True) == []
        converge(alpha.context, run=run, force=True)
    alpha.put_folder("alpha")
    report = converge(alpha.context, run=run, force=True)
    assert not Plugin.objects.exists()
    assert [(entry["kind"], entry["actions"]) for entry in report.manual] == [("unknown-folder", ["adopt", "remove", "ignore"])]


def test_a_host_that_does_not_stop_takes_the_removal_back(alpha: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uninstall, "STOP_SECONDS", 0.1)
    before = rows()
    with host_of(alpha, "alpha") as host:
        operation = remove(alpha)
        assert host.poll() is None
    assert (operation.status, operation.error_code) == ("failed", "plugin-will-not-stop")
    assert rows() == before
    assert (alpha.plugin_dir / "alpha" / "written.txt").is_file()
    assert not Tombstone.objects.exists()


def test_a_folder_that_cannot_be_moved_takes_the_removal_back(alpha: Shop) -> None:
    before = rows()
    blocked = alpha.context.paths.private / "store"
    if blocked.is_dir():
        blocked.rmdir()
    blocked.write_text("in the way")
    operation = remove(alpha)
    assert operation.status == "failed", operation.error_message
    assert rows() == before
    assert (alpha.plugin_dir / "alpha" / "written.txt").is_file()


def test_settings_that_cannot_be_read_do_not_keep_it_from_being_removed(alpha: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_store, "snapshot", lambda plugin: (_ for _ in ()).throw(DiskProblem("unreadable")))
    operation = remove(alpha)
    assert operation.status == "succeeded"
    assert "cannot be restored" in operation.warnings[0]


def test_a_mistake_in_the_product_removes_nothing_and_its_traceback_is_in_the_log(alpha: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows()
    monkeypatch.setattr(config_store, "snapshot", lambda plugin: None + 1)
    operation = remove(alpha)
    assert (operation.status, operation.error_code) == ("failed", "internal-error")
    assert operation.log.filter(text__contains="TypeError").exists()
    assert rows() == before


def test_after_seven_days_there_is_nothing_to_undo_but_the_tombstone_stays(alpha: Shop) -> None:
    remove(alpha)
    tombstone = Tombstone.objects.get()
    tombstone.removed_at = tombstone.removed_at.replace(year=2020)
    tombstone.save()
    with pytest.raises(Conflict):
        requests.request_undo_uninstall("alpha", requested_by=WHO)
    tidy_up(alpha.context)
    tombstone.refresh_from_db()
    assert (UNDO_DAYS, tombstone.generation, tombstone.snapshot) == (7, "", {})
    assert AuditEntry.objects.filter(who="system", what="expire", subject="alpha").count() == 1
    assert not list((alpha.context.paths.private / "store").glob("*/*"))


def test_on_request_nothing_is_kept_and_the_tombstone_stays(alpha: Shop) -> None:
    alpha.finish(requests.request_uninstall("alpha", preserve_config=True, requested_by=WHO))
    operation = alpha.finish(requests.request_purge("alpha", requested_by=WHO))
    tombstone = Tombstone.objects.get()
    assert (operation.status, operation.phase) == ("succeeded", "done")
    assert (tombstone.generation, tombstone.snapshot, tombstone.preserve_config) == ("", {}, False)
    assert not list((alpha.context.paths.private / "store").glob("*/*"))
    with pytest.raises(Conflict):
        requests.request_undo_uninstall("alpha", requested_by=WHO)
    assert alpha.finish(requests.request_purge("alpha", requested_by=WHO)).status == "succeeded"


def test_settings_that_were_to_be_kept_outlive_the_files(alpha: Shop) -> None:
    alpha.finish(requests.request_uninstall("alpha", preserve_config=True, requested_by=WHO))
    Tombstone.objects.update(removed_at=Tombstone.objects.get().removed_at.replace(year=2020))
    tidy_up(alpha.context)
    alpha.finish(requests.request_install("alpha", requested_by=WHO))
    assert config_store.effective_settings(Plugin.objects.get())["text"] == "MINE"
    with pytest.raises(NotFound):
        requests.request_purge("alpha", requested_by=WHO)


def test_what_is_not_there_cannot_be_removed_or_brought_back(shop: Shop) -> None:
    with pytest.raises(NotFound):
        requests.request_uninstall("alpha", requested_by=WHO)
    with pytest.raises(NotFound):
        requests.request_undo_uninstall("alpha", requested_by=WHO)
