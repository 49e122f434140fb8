"""The commands run operations in the foreground, with what they say, and fail with message and hint."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from plugins_app.models import Plugin, Tombstone
from tests.fakes.archives import plugin_zip, sample_files
from tests.fakes.samples import copy_plugin, entry
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process  # every installation tries the plugin out in a process of its own


def call(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=out, no_color=True)
    return out.getvalue()


def test_the_life_of_a_plugin(shop: Shop) -> None:
    shop.offer("alpha")
    assert "Downloading" in call("installplugin", "alpha")
    shop.offer("alpha", version="2.0.0")
    call("refreshregistry")
    assert "update: 2.0.0" in call("listplugins")
    for words in (["updateplugin"], ["rollbackplugin"], ["disableplugin"], ["enableplugin"], ["uninstallplugin"], ["undouninstall"]):
        call(*words, "alpha")
    (row,) = json.loads(call("listplugins", "--json"))
    assert (row["id"], row["version"], row["enabled"]) == ("alpha", "1.0.0", True)
    assert "0 found, 0 fixed." in call("reconcileplugins", "--force")
    call("uninstallplugin", "alpha", "--keep-config")
    call("purgeplugin", "alpha")
    assert Tombstone.objects.get().snapshot == {}


def test_all_are_updated_and_one_that_fails_keeps_no_other_from_it(shop: Shop) -> None:
    for plugin_id in ("alpha", "beta"):
        shop.offer(plugin_id)
        call("installplugin", plugin_id)
    shop.offer("alpha", version="2.0.0", code="raise RuntimeError('broken')")
    shop.offer("beta", version="2.0.0")
    with pytest.raises(CommandError, match="Not updated: alpha"):
        call("updateplugin", "--all")
    assert dict(Plugin.objects.values_list("plugin_id", "version")) == {"alpha": "1.0.0", "beta": "2.0.0"}
    with pytest.raises(CommandError, match="Name one plugin"):
        call("updateplugin", "alpha", "--all")


def test_a_zip_file_and_an_address(shop: Shop, tmp_path: Path) -> None:
    archive = tmp_path / "plugin.zip"
    archive.write_bytes(plugin_zip(sample_files("hello"), root=""))
    call("installplugin", str(archive))
    shop.offer("alpha")
    call("installplugin", f"{shop.hub.url}/example/plugins", "--plugin-path", "plugins/alpha")
    assert sorted(Plugin.objects.values_list("source", flat=True)) == ["upload", "url"]


def test_a_registry_is_added_used_and_removed(shop: Shop) -> None:
    shop.offer("alpha")
    theirs = {"version": "1.0.0", "plugins": [entry("beta", repo="https://github.com/example/beta", plugin_path="")]}
    shop.hub.add_repository("example/beta", {"": copy_plugin(shop.folder / "theirs", "beta")})
    shop.hub.answer("/friends", json.dumps(theirs).encode())
    assert "Friends" in call("registries", "--add", "Friends", f"{shop.hub.url}/friends/plugins.json")
    call("installplugin", "beta")
    assert Plugin.objects.get().source_ref["registry"] == "Friends"
    assert "Friends" not in call("registries", "--remove", "friends")
    with pytest.raises(CommandError, match="no registry"):
        call("registries", "--remove", "friends")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["installplugin", "nope"], "not in the registry"),
        (["installplugin", "../x"], "cannot be a plugin id"),
        (["uninstallplugin", "nope"], "not installed"),
        (["installplugin", "alpha", "--version", "9"], "not offered"),
    ],
)
def test_what_cannot_be_is_one_line(shop: Shop, words: list[str], expected: str) -> None:
    shop.offer("alpha")
    with pytest.raises(CommandError, match=expected):
        call(*words)


def test_a_failed_operation_is_a_failed_command(shop: Shop) -> None:
    shop.offer("alpha", code="raise RuntimeError('broken')")
    with pytest.raises(CommandError, match="cannot be loaded"):
        call("installplugin", "alpha")
