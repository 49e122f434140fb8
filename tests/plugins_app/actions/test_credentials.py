"""The JSON file of an account that a plugin wants: by page and API into its own folder, never shown, carried along by updates."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plugins_app.access import Role
from plugins_app.config.form_files import wanted_document
from plugins_app.config.store import masked_settings
from plugins_app.installer.locks import hold
from plugins_app.lifecycle import requests
from plugins_app.models import AuditEntry, Plugin
from tests.fakes.people import client_of, make_user
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process
ADDRESS = "/api/v3/plugins/tools/upload-credentials"
SETTINGS = "/admin/plugins/tools/settings/"


def sent(body: bytes = b'{"key": "k1"}', name: str = "../../x.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def file_of(shop: Shop) -> Path:
    return shop.plugin_dir / "tools" / "account.json"


def test_it_lands_in_the_plugins_folder_and_outlives_an_update(shop: Shop, tools: Plugin) -> None:
    mark = Plugin.objects.get().start_mark
    answer = client_of(Role.OPERATOR).post(ADDRESS, {"file": sent()})
    assert (answer.status_code, answer.json()) == (200, {"plugin_id": "tools", "file": "account.json"})
    assert (json.loads(file_of(shop).read_text()), stat.S_IMODE(file_of(shop).stat().st_mode)) == ({"key": "k1"}, 0o600)
    assert (Plugin.objects.get().start_mark, masked_settings(tools)["account"]) == (mark + 1, "account.json")
    manifest = shop.folder / "repository" / "plugins" / "tools" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"1.0.0"', '"2.0.0"', 1))
    shop.entries["tools"]["latest_version"] = "2.0.0"
    shop.publish()
    assert shop.finish(requests.request_update("tools", requested_by="test")).status == "succeeded"
    assert json.loads(file_of(shop).read_text()) == {"key": "k1"}
    assert "k1" not in str(AuditEntry.objects.values())


def test_a_plain_form_takes_it_with_the_settings(shop: Shop, tools: Plugin) -> None:
    client = Client()
    client.force_login(make_user(Role.OPERATOR))
    assert "There is none yet." in client.get(SETTINGS).content.decode()
    assert client.post(SETTINGS, {"/word": "NEW", "upload:/account": sent()}).status_code == 302
    assert (file_of(shop).exists(), masked_settings(tools)["word"]) == (True, "NEW")
    shown = client.get(SETTINGS).content.decode()
    assert "There is one already" in shown and "k1" not in shown


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"nothing", "document-invalid"), (b"[1]", "document-invalid"), (b'{"a": "%s"}' % (b"x" * 20_000), "document-too-large")],
)
def test_what_is_no_such_file_is_refused(shop: Shop, tools: Plugin, body: bytes, code: str) -> None:
    answer = client_of(Role.OPERATOR).post(ADDRESS, {"file": sent(body)})
    assert (answer.status_code, answer.json()["code"], file_of(shop).exists()) == (400, code, False)


def test_a_refused_form_writes_nothing(shop: Shop, tools: Plugin) -> None:
    client = Client()
    client.force_login(make_user(Role.OPERATOR))
    assert client.post(SETTINGS, {"/word": "x" * 100, "upload:/account": sent()}).status_code == 422
    assert not file_of(shop).exists()


def test_not_while_its_files_are_being_changed(shop: Shop, tools: Plugin) -> None:
    with hold(shop.context.paths.operation_lock("tools")):
        answer = client_of(Role.OPERATOR).post(ADDRESS, {"file": sent()})
    assert (answer.status_code, answer.json()["code"], file_of(shop).exists()) == (409, "plugin-busy", False)


def test_a_link_in_its_place_is_replaced_not_followed(shop: Shop, tools: Plugin) -> None:
    (shop.folder / "victim").write_text("safe")
    file_of(shop).symlink_to(shop.folder / "victim")
    assert client_of(Role.OPERATOR).post(ADDRESS, {"file": sent()}).status_code == 200
    assert ((shop.folder / "victim").read_text(), file_of(shop).is_symlink()) == ("safe", False)


@pytest.mark.parametrize(
    "name", ["../a.json", "/etc/a.json", "manifest.json", "config_schema.json", ".a.json", "a.py", "a/b.json", "", None, 7]
)
def test_no_schema_can_name_a_file_elsewhere_or_of_the_plugin_itself(name: Any) -> None:
    assert wanted_document({"type": "string", "x-widget": "file-upload", "x-upload-config": {"target_filename": name}}) is None
