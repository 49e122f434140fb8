"""Updating and rolling back: settings and written files go along, and what is worse than before is refused."""

from __future__ import annotations

import json

import pytest

from plugins_app.config.store import save_settings, snapshot
from plugins_app.exceptions import Conflict, NotFound
from plugins_app.lifecycle import requests
from plugins_app.models import Operation, Plugin, RegistrySource, Trust
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process  # every installation tries the plugin out in a process of its own

WHO = "mia"


@pytest.fixture
def alpha(shop: Shop) -> Shop:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    (shop.plugin_dir / "alpha" / "written.txt").write_text("mine")
    return shop


def update(shop: Shop) -> Operation:
    return shop.finish(requests.request_update("alpha", requested_by=WHO))


def test_it_brings_the_new_version_and_keeps_what_the_plugin_wrote(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0")
    operation = update(alpha)
    plugin = Plugin.objects.get()
    assert (operation.status, plugin.version, plugin.enabled) == ("succeeded", "2.0.0", True)
    assert (alpha.plugin_dir / "alpha" / "written.txt").read_text() == "mine"
    assert plugin.previous_generation


def test_when_there_is_nothing_newer_nothing_is_downloaded(alpha: Shop) -> None:
    alpha.hub.counts.clear()
    before = Plugin.objects.values().get()
    assert update(alpha).status == "succeeded"
    assert list(alpha.hub.counts) == ["/registry/plugins.json"]
    assert Plugin.objects.values().get() == before


def test_a_registry_of_others_that_does_not_answer_keeps_no_update_away(alpha: Shop) -> None:
    RegistrySource.objects.create(name="gone", url=f"{alpha.hub.url}/raw/gone/list/main/plugins.json", trust=Trust.ADDED, position=1)
    alpha.hub.fail("/raw/gone", status=503)
    alpha.offer("alpha", version="1.1.0")
    operation = alpha.finish(requests.request_update("alpha", requested_by=WHO))
    assert (operation.status, Plugin.objects.get().version) == ("succeeded", "1.1.0")


def test_a_registry_that_does_not_answer_is_no_answer(alpha: Shop) -> None:
    alpha.hub.fail("/registry", status=503)
    operation = update(alpha)
    assert (operation.status, operation.error_code) == ("queued", "http-503")


IMPORT_FAILS = ("class HelloPlugin", "raise RuntimeError('worse')\n\n\nclass HelloPlugin")
CONSTRUCTOR_FAILS = (
    "    def update(self)",
    "    def __init__(self, *args, **kwargs):\n        raise ValueError('no')\n\n    def update(self)",
)


@pytest.mark.parametrize(("change", "expected"), [(IMPORT_FAILS, "cannot-be-imported"), (CONSTRUCTOR_FAILS, "update-refused")])
def test_a_worse_version_is_refused_and_the_old_one_stays(alpha: Shop, change: tuple[str, str], expected: str) -> None:
    module = alpha.offer("alpha", version="2.0.0") / "manager.py"
    module.write_text(module.read_text().replace(*change))
    before = Plugin.objects.values().get()
    operation = update(alpha)
    assert (operation.status, operation.error_code) == ("failed", expected)
    assert Plugin.objects.values().get() == before
    assert json.loads((alpha.plugin_dir / "alpha" / "manifest.json").read_text())["version"] == "1.0.0"


def test_another_plugin_under_the_same_address_is_refused(alpha: Shop) -> None:
    folder = alpha.offer("alpha", version="2.0.0")
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"id": "alpha"', '"id": "other"'))
    assert update(alpha).error_code == "id-mismatch"


def test_a_setting_that_the_new_schema_refuses_gets_its_default_and_comes_back_with_the_old_version(alpha: Shop) -> None:
    save_settings("alpha", {"text": "A LONGER TEXT"}, partial=True, requested_by=WHO)
    schema = alpha.offer("alpha", version="2.0.0") / "config_schema.json"
    schema.write_text(schema.read_text().replace('"maxLength": 40', '"maxLength": 5'))
    operation = update(alpha)
    assert (operation.status, len(operation.warnings)) == ("succeeded", 1)
    assert snapshot(Plugin.objects.get())["values"] == {}
    assert alpha.finish(requests.request_rollback("alpha", requested_by=WHO)).status == "succeeded"
    assert snapshot(Plugin.objects.get())["values"] == {"text": "A LONGER TEXT"}


def test_a_new_wish_that_no_default_fulfils_is_told(alpha: Shop) -> None:
    path = alpha.offer("alpha", version="2.0.0") / "config_schema.json"
    schema = json.loads(path.read_text())
    schema["properties"]["station"] = {"type": "string"}
    path.write_text(json.dumps(schema | {"required": ["station"]}))
    operation = update(alpha)
    assert (operation.status, len(operation.warnings)) == ("succeeded", 1)
    assert operation.warnings[0].startswith("The new version wants other settings: /station")


def test_a_rollback_returns_the_old_version_with_the_present_files_and_can_go_forward_again(alpha: Shop) -> None:
    alpha.offer("alpha", version="2.0.0")
    update(alpha)
    (alpha.plugin_dir / "alpha" / "written.txt").write_text("newer")
    for version in ("1.0.0", "2.0.0"):
        alpha.finish(requests.request_rollback("alpha", requested_by=WHO))
        manifest = json.loads((alpha.plugin_dir / "alpha" / "manifest.json").read_text())
        assert (Plugin.objects.get().version, manifest["version"]) == (version, version)
        assert (alpha.plugin_dir / "alpha" / "written.txt").read_text() == "newer"


def test_what_cannot_be_updated_or_rolled_back_is_refused_at_once(alpha: Shop) -> None:
    with pytest.raises(Conflict) as nothing:
        requests.request_rollback("alpha", requested_by=WHO)
    Plugin.objects.update(source="upload")
    with pytest.raises(Conflict) as upload:
        requests.request_update("alpha", requested_by=WHO)
    with pytest.raises(NotFound) as absent:
        requests.request_update("other", requested_by=WHO)
    assert [error.value.code for error in (nothing, upload, absent)] == ["nothing-to-roll-back", "no-update-source", "not-installed"]
