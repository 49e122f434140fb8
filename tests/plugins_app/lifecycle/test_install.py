"""Installing: from the registry, an address, an upload, the product itself; and what is refused, with nothing left behind."""

from __future__ import annotations

import io
import socket

import pytest

from plugins_app.config.store import effective_settings, save_settings
from plugins_app.exceptions import BadRequest, Conflict, NotFound, OperationOpen, PackageError, Refused
from plugins_app.lifecycle import bundled, requests
from plugins_app.lifecycle.bundled import Bundled
from plugins_app.models import AuditEntry, Operation, Plugin, Revision, Tombstone
from plugins_app.package.manifest import read_manifest
from tests.fakes.archives import SHA, plugin_zip, raw_zip, sample_files
from tests.fakes.samples import HELLO
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process  # every installation tries the plugin out in a process of its own

WHO = "mia"


def install(shop: Shop, plugin_id: str, **options: bool) -> Operation:
    return shop.finish(requests.request_install(plugin_id, requested_by=WHO, **options))


def debris(shop: Shop) -> list[str]:
    private = shop.context.paths.private
    return [path.name for name in ("staging", "trash", "aside", "store", "receipts") for path in (private / name).glob("*")]


def test_it_installs_from_the_registry_enabled_at_the_end_of_the_order(shop: Shop) -> None:
    shop.offer("alpha")
    shop.offer("beta")
    install(shop, "alpha")
    operation = install(shop, "beta")
    plugin = Plugin.objects.get(pk="beta")
    assert (operation.status, operation.phase, operation.progress) == ("succeeded", "done", 100)
    assert (plugin.enabled, plugin.position, plugin.version, plugin.source) == (True, 1, "1.0.0", "registry")
    assert plugin.introduced_at is not None
    assert (shop.plugin_dir / "beta" / "manager.py").is_file()
    assert AuditEntry.objects.filter(who=WHO, what="install", subject="beta").count() == 1


def test_it_takes_two_requests_and_the_commit_id_comes_from_the_archive(shop: Shop) -> None:
    shop.offer("alpha")
    shop.hub.counts.clear()
    install(shop, "alpha")
    assert sum(shop.hub.counts.values()) <= 2
    assert len(Plugin.objects.get(pk="alpha").commit) == 40


def test_it_stays_off_the_panel_when_that_is_asked_for(shop: Shop) -> None:
    shop.offer("alpha")
    install(shop, "alpha", enable=False)
    assert not Plugin.objects.get(pk="alpha").enabled


def test_a_registry_id_that_differs_from_the_manifest_id_is_resolved_before_the_disk_is_touched(shop: Shop) -> None:
    shop.offer("ledmatrix-weather")
    shop.entries["ledmatrix-weather"]["id"] = "weather"
    shop.publish()
    install(shop, "weather")
    plugin = Plugin.objects.get()
    assert (plugin.plugin_id, plugin.source_ref["registry_id"]) == ("ledmatrix-weather", "weather")
    assert sorted(path.name for path in shop.plugin_dir.iterdir()) == [".ledsite", "ledmatrix-weather"]


def test_a_manifest_that_lies_about_its_id_changes_nothing(shop: Shop) -> None:
    shop.offer("alpha")
    install(shop, "alpha")
    before = Plugin.objects.values().get()
    manifest = shop.offer("beta") / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"id": "beta"', '"id": "alpha"'))
    shop.publish()
    operation = install(shop, "beta")
    assert (operation.status, operation.error_code) == ("failed", "id-mismatch")
    assert Plugin.objects.values().get() == before


@pytest.mark.parametrize(
    ("code", "expected"), [("raise RuntimeError('no')", "cannot-be-imported"), ("import os; os._exit(3)", "cannot-be-imported")]
)
def test_what_cannot_be_imported_is_refused_and_leaves_nothing(shop: Shop, code: str, expected: str) -> None:
    shop.offer("alpha", code=code)
    operation = install(shop, "alpha")
    assert (operation.status, operation.error_code, operation.attempts) == ("failed", expected, 1)
    assert not Plugin.objects.exists()
    assert debris(shop) == []


def test_what_it_requires_and_cannot_be_fetched_now_is_named_and_tried_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/simple"
    for name, value in {"PIP_INDEX_URL": nobody, "PIP_RETRIES": "0", "UV_DEFAULT_INDEX": nobody, "UV_HTTP_RETRIES": "0"}.items():
        monkeypatch.setenv(name, value)
    folder = shop.offer("alpha", code="import ledsite_nowhere")
    (folder / "requirements.txt").write_text("ledsite-nowhere>=1\n")
    operation = install(shop, "alpha")
    assert (operation.status, operation.error_code, operation.warnings) == ("queued", "requirements-unreachable", [])
    assert operation.error_message.startswith("ledsite-nowhere>=1 cannot be fetched now, and Alpha cannot be loaded without: ")
    (folder / "requirements.txt").unlink()
    (folder / "ledsite_nowhere.py").write_text("")
    Operation.objects.update(retry_at=None)
    assert shop.finish(operation).status == "succeeded"


def test_one_that_does_not_start_with_its_settings_is_installed_and_says_why(shop: Shop) -> None:
    shop.offer("alpha").joinpath("manager.py").write_bytes(bytes(sample_files("needs_config")["manager.py"]))
    shop.entries["alpha"]["name"] = "Alpha"
    folder = shop.folder / "repository" / "plugins" / "alpha"
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace("HelloPlugin", "NeedsConfigPlugin"))
    (folder / "config_schema.json").write_bytes(bytes(sample_files("needs_config")["config_schema.json"]))
    shop.publish()
    operation = install(shop, "alpha")
    assert (operation.status, bool(Plugin.objects.get().setup_problem)) == ("succeeded", True)


def test_a_missing_archive_fails_for_good_and_a_server_error_is_tried_again(shop: Shop) -> None:
    shop.offer("alpha")
    shop.hub.fail("/example/plugins/archive", status=503)
    operation = install(shop, "alpha")
    assert (operation.status, operation.error_code, operation.attempts) == ("queued", "http-503", 1)
    assert operation.retry_at is not None and debris(shop) == []
    shop.hub.heal()
    assert shop.finish(operation).attempts == 1, "it is not due yet"
    Operation.objects.update(retry_at=None)
    assert shop.finish(operation).status == "succeeded"


def test_after_three_tries_it_has_failed(shop: Shop) -> None:
    shop.offer("alpha")
    shop.hub.fail("/example/plugins/archive", status=503)
    operation = install(shop, "alpha")
    for _ in range(2):
        Operation.objects.update(retry_at=None)
        shop.finish(operation)
    assert (operation.status, operation.attempts) == ("failed", 3)


def test_what_is_installed_or_unknown_is_refused_at_once(shop: Shop) -> None:
    shop.offer("alpha")
    install(shop, "alpha")
    with pytest.raises(Conflict) as refused:
        requests.request_install("alpha", requested_by=WHO)
    assert refused.value.code == "already-installed"
    with pytest.raises(NotFound) as unknown:
        requests.request_install("nope", requested_by=WHO)
    assert unknown.value.code == "not-in-registry"
    with pytest.raises(BadRequest) as bad:
        requests.request_install("../etc", requested_by=WHO)
    assert bad.value.code == "bad-plugin-id"
    with pytest.raises(BadRequest) as version:
        requests.request_install("alpha", version="9", requested_by=WHO) if Plugin.objects.all().delete() else None
    assert version.value.code == "version-unknown"


def test_the_same_request_twice_is_one_operation_and_another_kind_has_to_wait(shop: Shop) -> None:
    shop.offer("alpha")
    first = requests.request_install("alpha", requested_by=WHO)
    assert requests.request_install("alpha", requested_by="someone else") == first
    with pytest.raises(OperationOpen) as busy:
        requests.request_install("alpha", enable=False, requested_by=WHO)
    assert busy.value.operation == first


def test_an_upload_starts_disabled_and_its_file_goes_away(shop: Shop) -> None:
    archive = io.BytesIO(plugin_zip(sample_files("hello"), root="", comment=SHA))
    operation = shop.finish(requests.request_install_upload(archive, filename="hello.zip", requested_by=WHO))
    plugin = Plugin.objects.get()
    assert (operation.status, plugin.source, plugin.enabled, plugin.commit) == ("succeeded", "upload", False, SHA)
    assert list(shop.context.uploads.iterdir()) == []


def test_a_second_upload_updates_what_came_from_one_and_nothing_else(shop: Shop) -> None:
    shop.finish(requests.request_install_upload(io.BytesIO(plugin_zip(sample_files("hello"))), filename="one.zip", requested_by=WHO))
    save_settings("hello", {"text": "MINE"}, partial=True, requested_by=WHO)
    (shop.plugin_dir / "hello" / "written.txt").write_text("mine")
    files = sample_files("hello")
    files["manifest.json"] = files["manifest.json"].replace(b'"version": "1.0.0"', b'"version": "1.1.0"')
    operation = shop.finish(requests.request_install_upload(io.BytesIO(plugin_zip(files)), filename="two.zip", requested_by=WHO))
    plugin = Plugin.objects.get()
    assert (operation.kind, operation.status, plugin.version, plugin.source_ref) == (
        "update",
        "succeeded",
        "1.1.0",
        {"filename": "two.zip"},
    )
    assert effective_settings(plugin)["text"] == "MINE" and (shop.plugin_dir / "hello" / "written.txt").is_file()
    assert list(shop.context.uploads.iterdir()) == []
    Plugin.objects.update(source="local")
    with pytest.raises(Conflict):
        requests.request_install_upload(io.BytesIO(plugin_zip(files)), filename="two.zip", requested_by=WHO)


@pytest.mark.parametrize(
    "body", [b"no zip", raw_zip([("readme.txt", "x")]), raw_zip([("manifest.json", "[]")]), raw_zip([("manifest.json", "{")])]
)
def test_an_upload_that_is_no_plugin_is_refused_at_once(shop: Shop, body: bytes) -> None:
    with pytest.raises(PackageError):
        requests.request_install_upload(io.BytesIO(body), filename="x.zip", requested_by=WHO)
    assert not Operation.objects.exists() and list(shop.context.uploads.iterdir()) == []


def test_an_address_of_a_repository_installs_one_of_its_folders_disabled(shop: Shop) -> None:
    shop.offer("alpha")
    request = requests.request_install_from_url(f"{shop.hub.url}/example/plugins/tree/main/plugins/alpha", requested_by=WHO)
    assert shop.finish(request).status == "succeeded"
    plugin = Plugin.objects.get()
    assert (plugin.source, plugin.enabled, plugin.introduced_at) == ("url", False, None)


def test_an_address_elsewhere_is_refused_at_once(shop: Shop) -> None:
    with pytest.raises(Refused):
        requests.request_install_from_url("https://evil.example/plugin.zip", requested_by=WHO)


def test_a_bundled_plugin_comes_from_its_folder_and_a_removed_one_stays_removed(shop: Shop) -> None:
    own = Bundled(HELLO, read_manifest(HELLO))
    operation = bundled.bring_up_to_date(own, requested_by="up")
    assert operation is not None and shop.finish(operation).status == "succeeded"
    plugin = Plugin.objects.get()
    assert (plugin.source, plugin.enabled) == ("bundled", True)
    assert bundled.bring_up_to_date(own, requested_by="up") is None
    shop.finish(requests.request_uninstall(plugin.plugin_id, requested_by=WHO))
    assert bundled.bring_up_to_date(own, requested_by="up") is None
    assert not Plugin.objects.exists()


def test_settings_that_were_kept_at_the_removal_come_back_with_the_next_install(shop: Shop) -> None:
    shop.offer("alpha")
    install(shop, "alpha")
    save_settings("alpha", {"text": "MINE"}, partial=True, requested_by=WHO)
    shop.finish(requests.request_uninstall("alpha", preserve_config=True, requested_by=WHO))
    install(shop, "alpha")
    assert effective_settings(Plugin.objects.get())["text"] == "MINE"
    assert not Tombstone.objects.exists()


def test_without_that_they_are_gone(shop: Shop) -> None:
    shop.offer("alpha")
    install(shop, "alpha")
    save_settings("alpha", {"text": "MINE"}, partial=True, requested_by=WHO)
    shop.finish(requests.request_uninstall("alpha", requested_by=WHO))
    install(shop, "alpha")
    assert effective_settings(Plugin.objects.get())["text"] == "HELLO"


def test_the_commit_bumps_what_others_compare(shop: Shop) -> None:
    shop.offer("alpha")
    before = Revision.current("generation"), Revision.current("plugins")
    install(shop, "alpha")
    assert Revision.current("generation") > before[0] and Revision.current("plugins") > before[1]
