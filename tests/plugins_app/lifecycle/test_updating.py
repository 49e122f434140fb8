"""A chosen version, all at once, and automatic updates: patience, probation, and the way back."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from plugins_app.config.store import save_settings
from plugins_app.exceptions import BadRequest, Conflict, Refused
from plugins_app.lifecycle import automatic, requests
from plugins_app.lifecycle.listing import installed_plugins
from plugins_app.lifecycle.updating import request_update_all
from plugins_app.lifecycle.versions import versions_of
from plugins_app.models import Issue, Operation, Plugin, Probation, Release, Revision
from plugins_app.models.updates import PROBATION_TURNS
from tests.fakes.samples import copy_plugin
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process  # every installation tries the plugin out in a process of its own

WHO = "mia"


@pytest.fixture
def alpha(shop: Shop) -> Shop:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    return shop


def live_version(shop: Shop) -> str:
    return str(json.loads((shop.plugin_dir / "alpha" / "manifest.json").read_text())["version"])


def ripen() -> None:
    automatic.look()
    Release.objects.update(seen_at=timezone.now() - timedelta(hours=25))
    automatic.look()


def update_by_itself(shop: Shop) -> Operation:
    automatic.set_automatic(True, requested_by=WHO)
    ripen()
    return shop.finish(Operation.objects.get(requested_by="automatic", kind="update"))


def turns(count: int, *, had_picture: bool) -> None:
    for _ in range(count):
        probation = Probation.objects.get()
        Probation.note_turn("alpha", probation.generation, had_picture=had_picture, seconds=15)


def serve_tag(shop: Shop, tag: str, version: str) -> None:
    folder = copy_plugin(shop.folder / f"tag-{tag}", "alpha", version=version)
    shop.hub.add_repository("example/plugins", {"plugins/alpha": folder}, branch=tag)


def test_a_person_can_choose_an_earlier_version(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0", versions=[{"version": "2.0.0"}, {"version": "1.5.0"}])
    serve_tag(alpha, "v1.5.0", "1.5.0")
    operation = alpha.finish(requests.request_update("alpha", version="1.5.0", requested_by=WHO))
    assert (operation.status, operation.error_message, live_version(alpha)) == ("succeeded", "", "1.5.0")
    with pytest.raises(BadRequest):
        requests.request_update("alpha", version="7.7.7", requested_by=WHO)


def test_a_tag_that_holds_another_version_is_refused(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0", versions=[{"version": "1.5.0"}])
    serve_tag(alpha, "v1.5.0", "6.6.6")
    operation = alpha.finish(requests.request_update("alpha", version="1.5.0", requested_by=WHO))
    assert (operation.error_code, live_version(alpha)) == ("version-mismatch", "1.0.0")


def test_a_version_comes_from_where_the_registry_says(alpha: Shop) -> None:
    versions = [{"version": "2.0.0"}, {"version": "1.5.0", "download_url": "https://github.com/example/plugins/archive/refs/tags/five.zip"}]
    alpha.offer("alpha", version="2.0.0", versions=versions)
    serve_tag(alpha, "five", "1.5.0")
    alpha.hub.counts.clear()
    operation = alpha.finish(requests.request_update("alpha", version="v1.5.0", requested_by=WHO))
    assert (operation.status, live_version(alpha)) == ("succeeded", "1.5.0")
    assert list(alpha.hub.counts) == ["/example/plugins/archive/refs/tags/five.zip"]


def test_a_template_names_versions_that_are_not_listed(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0", download_url_template="https://github.com/example/plugins/archive/refs/tags/v{version}.zip")
    serve_tag(alpha, "v1.2.0", "1.2.0")
    assert alpha.finish(requests.request_update("alpha", version="1.2.0", requested_by=WHO)).status == "succeeded"
    assert live_version(alpha) == "1.2.0"


def test_a_version_that_is_not_there_is_an_error_and_never_another_one(alpha: Shop) -> None:
    address = "https://github.com/example/plugins/archive/refs/tags/gone.zip"
    alpha.offer("alpha", version="2.0.0", versions=[{"version": "1.5.0", "download_url": address}])
    operation = alpha.finish(requests.request_update("alpha", version="1.5.0", requested_by=WHO))
    assert (operation.status, operation.error_code, live_version(alpha)) == ("failed", "version-not-there", "1.0.0")
    alpha.entries["alpha"]["latest_version"] = "1.9.0"
    alpha.publish()
    operation = alpha.finish(requests.request_update("alpha", version="1.9.0", requested_by=WHO))
    assert (operation.error_code, live_version(alpha)) == ("version-mismatch", "1.0.0")


def test_a_version_on_a_host_that_is_not_listed_is_refused_at_once(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0", versions=[{"version": "1.5.0", "download_url": "https://example.org/alpha.zip"}])
    with pytest.raises(Refused):
        requests.request_update("alpha", version="1.5.0", requested_by=WHO)
    assert not Operation.objects.filter(kind="update").exists()


def test_an_older_version_can_be_installed_where_the_newest_does_not_fit(shop: Shop) -> None:
    shop.offer("alpha", version="2.0.0", versions=[{"version": "2.0.0", "ledmatrix_min": "99.0.0"}, {"version": "1.5.0"}])
    serve_tag(shop, "alpha-v1.5.0", "1.5.0")
    for version in (None, "2.0.0"):
        with pytest.raises(Conflict):
            requests.request_install("alpha", version=version, requested_by=WHO)
    assert shop.finish(requests.request_install("alpha", version="1.5.0", requested_by=WHO)).status == "succeeded"


def test_the_versions_that_can_be_had_are_listed_without_a_request(alpha: Shop) -> None:
    versions = [{"version": "2.0.0", "released": "2026-05-01", "notes": "Bigger text"}, {"version": "1.0.0"}, {"version": 7}]
    alpha.offer("alpha", version="2.0.0", versions=versions)
    alpha.finish(requests.request_update("alpha", requested_by=WHO))
    Release.objects.create(plugin_id="alpha", version="2.0.0", refused_at=timezone.now(), refused_reason="It crashed.")
    alpha.hub.counts.clear()
    found = versions_of("alpha")
    assert (found["installed"], found["previous"], sum(alpha.hub.counts.values())) == ("2.0.0", "1.0.0", 0)
    assert [(row["version"], row["released"], row["installed"], row["refused"]) for row in found["results"]] == [
        ("2.0.0", "2026-05-01", True, "It crashed."),
        ("1.0.0", "", False, ""),
    ]


def test_update_all_is_one_operation_for_each_that_has_one(alpha: Shop) -> None:
    for plugin_id in ("beta", "gamma"):
        alpha.offer(plugin_id)
        alpha.finish(requests.request_install(plugin_id, requested_by=WHO))
    for plugin_id in ("alpha", "beta"):
        alpha.offer(plugin_id, version="2.0.0")
    requests.request_uninstall("beta", requested_by=WHO)
    alpha.hub.counts.clear()
    operations = request_update_all(requested_by=WHO)
    assert [(one.kind, one.plugin_id) for one in operations] == [("update", "alpha")]
    assert not alpha.hub.counts


def test_nothing_happens_by_itself_until_a_person_wants_it(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0")
    ripen()
    assert not Operation.objects.filter(requested_by="automatic").exists()
    automatic.set_automatic(True, requested_by=WHO)
    Release.objects.update(seen_at=timezone.now())
    automatic.look()
    assert not Operation.objects.filter(requested_by="automatic").exists()
    ripen()
    automatic.look()
    assert Operation.objects.filter(requested_by="automatic").count() == 1


def test_what_a_person_went_back_from_does_not_come_again_by_itself(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0")
    alpha.finish(requests.request_update("alpha", requested_by=WHO))
    alpha.finish(requests.request_rollback("alpha", requested_by=WHO))
    automatic.set_automatic(True, requested_by=WHO)
    ripen()
    assert not Operation.objects.filter(requested_by="automatic").exists()
    assert installed_plugins()[0]["update_available"]


def test_a_refusal_outlives_an_uninstall_that_is_undone(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0")
    Release.objects.create(plugin_id="alpha", version="2.0.0", refused_at=timezone.now(), refused_reason="It crashed.")
    alpha.finish(requests.request_uninstall("alpha", requested_by=WHO))
    automatic.look()
    alpha.finish(requests.request_undo_uninstall("alpha", requested_by=WHO))
    assert not installed_plugins()[0]["update_available"]
    alpha.finish(requests.request_uninstall("alpha", requested_by=WHO))
    alpha.finish(requests.request_purge("alpha", requested_by=WHO))
    automatic.look()
    assert not Release.objects.exists()


def test_it_is_on_probation_until_it_has_been_shown(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0")
    assert update_by_itself(alpha).status == "succeeded"
    probation = Probation.objects.get()
    assert (probation.version, probation.from_version, probation.generation) == ("2.0.0", "1.0.0", Plugin.objects.get().active_generation)
    turns(PROBATION_TURNS - 1, had_picture=True)
    automatic.look()
    assert Probation.objects.exists()
    turns(1, had_picture=False)
    automatic.look()
    assert not Probation.objects.exists() and live_version(alpha) == "2.0.0"


@pytest.mark.parametrize("trouble", ["strike", "no picture"])
def test_a_version_that_fails_goes_back_with_its_files_and_is_not_offered_again(alpha: Shop, trouble: str) -> None:
    (alpha.plugin_dir / "alpha" / "written.txt").write_text("by the old version")
    alpha.offer("alpha", version="2.0.0")
    update_by_itself(alpha)
    (alpha.plugin_dir / "alpha" / "written.txt").write_text("spoilt")
    if trouble == "strike":
        Probation.note_fault("alpha", Probation.objects.get().generation, "It crashed.")
    else:
        turns(PROBATION_TURNS, had_picture=False)
    automatic.look()
    operation = alpha.finish(Operation.objects.get(kind="rollback"))
    assert (operation.status, operation.requested_by, live_version(alpha)) == ("succeeded", "automatic", "1.0.0")
    assert (alpha.plugin_dir / "alpha" / "written.txt").read_text() == "by the old version"
    assert "not offered again" in Issue.objects.get(kind="update-returned").hint
    (row,) = installed_plugins()
    assert (row["version"], row["latest_version"], row["update_available"]) == ("1.0.0", "2.0.0", False)
    ripen()
    assert Operation.objects.filter(requested_by="automatic", kind="update").count() == 1
    with pytest.raises(Conflict) as refused:
        requests.request_update("alpha", requested_by=WHO)
    assert refused.value.code == "version-refused"
    alpha.offer("alpha", version="2.0.1")
    assert [row["update_available"] for row in installed_plugins()] == [True]


def test_one_is_on_probation_at_a_time(alpha: Shop) -> None:
    alpha.offer("beta")
    alpha.finish(requests.request_install("beta", requested_by=WHO))
    for plugin_id in ("alpha", "beta"):
        alpha.offer(plugin_id, version="2.0.0")
    update_by_itself(alpha)
    automatic.look()
    assert Operation.objects.filter(requested_by="automatic").count() == 1
    turns(PROBATION_TURNS, had_picture=True)
    automatic.look()
    assert sorted(Operation.objects.filter(requested_by="automatic").values_list("plugin_id", flat=True)) == ["alpha", "beta"]


def test_a_version_that_does_not_take_the_settings_never_comes_by_itself(alpha: Shop) -> None:
    save_settings("alpha", {"text": "A LONGER TEXT"}, partial=True, requested_by=WHO)
    schema = alpha.offer("alpha", version="2.0.0") / "config_schema.json"
    schema.write_text(schema.read_text().replace('"maxLength": 40', '"maxLength": 5'))
    operation = update_by_itself(alpha)
    assert (operation.status, operation.error_code, live_version(alpha)) == ("failed", "update-refused", "1.0.0")
    assert Issue.objects.filter(kind="operation-failed", subject="alpha", resolved_at=None).exists()
    automatic.look()
    assert Operation.objects.filter(requested_by="automatic").count() == 1


def test_a_newer_archive_than_the_known_release_does_not_come_by_itself(alpha: Shop) -> None:
    folder = alpha.offer("alpha", version="2.0.0")
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"2.0.0"', '"2.0.1"'))
    assert update_by_itself(alpha).error_code == "version-mismatch"


def test_a_probation_ends_with_its_generation(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0")
    update_by_itself(alpha)
    alpha.finish(requests.request_rollback("alpha", requested_by=WHO))
    automatic.look()
    assert not Probation.objects.exists() and not Release.objects.exclude(refused_at=None).exists()


def test_a_working_copy_is_never_changed_from_here(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0")
    for source in ("registry", "local"):
        Plugin.objects.update(source=source, git={"branch": "main"})
        with transaction.atomic():
            Revision.bump("plugins")
        assert not installed_plugins()[0]["update_available"]
        with pytest.raises(Conflict, match="working copy"):
            requests.request_update("alpha", requested_by=WHO)
    shutil.rmtree(alpha.folder / "repository")
