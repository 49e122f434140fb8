"""What the API answers when all is well: 202 with the operation, lists and their filters, settings, display."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plugins_app.access import Role
from plugins_app.lifecycle import enable
from plugins_app.models import AuditEntry, Operation, OperationKind, OperationStatus, Plugin
from plugins_app.package.paths import PluginPaths
from tests.fakes.people import client_of
from tests.fakes.rows import make_offers, make_plugin

pytestmark = pytest.mark.django_db
MINE = {"id": "mine", "name": "Mine", "version": "1.0.0", "class_name": "Mine", "display_modes": ["mine"]}
PARTS = {
    "id",
    "kind",
    "plugin_id",
    "status",
    "phase",
    "progress",
    "attempts",
    "error",
    "warnings",
    "log",
    "created_at",
    "started_at",
    "finished_at",
    "retry_at",
    "requested_by",
}


def test_an_installation_is_accepted_with_its_address():
    make_offers("clock")
    client = client_of()
    answer = client.post("/api/v3/plugins/install", {"plugin_id": "clock"}, format="json")
    operation = Operation.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (202, f"/api/v3/operations/{operation.pk}")
    assert (set(answer.json()), answer.json()["requested_by"]) == (PARTS, "admin")
    again = client.get(answer.headers["Location"]).json()
    assert (again["status"], again["kind"], again["plugin_id"]) == ("queued", "install", "clock")


def test_the_same_again_is_the_same_operation_and_another_is_refused_with_its_address():
    make_plugin("clock")
    client = client_of()
    first = client.post("/api/v3/plugins/uninstall", {"plugin_id": "clock"}, format="json")
    same = client.post("/api/v3/plugins/uninstall", {"plugin_id": "clock"}, format="json")
    other = client.post("/api/v3/plugins/uninstall", {"plugin_id": "clock", "preserve_config": True}, format="json")
    assert (same.status_code, same.headers["Location"]) == (202, first.headers["Location"])
    assert (other.status_code, other.json()["code"], other.headers["Location"]) == (409, "operation-open", first.headers["Location"])


def test_an_upload_is_accepted():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(
            "manifest.json", '{"id": "mine", "name": "Mine", "version": "1.0.0", "class_name": "Mine", "display_modes": ["mine"]}'
        )
        file.writestr("manager.py", "")
    upload = SimpleUploadedFile("mine.zip", archive.getvalue())
    answer = client_of().post("/api/v3/plugins/install-upload", {"file": upload}, format="multipart")
    assert (answer.status_code, answer.json()["plugin_id"]) == (202, "mine")


@pytest.mark.parametrize(
    ("body", "forced"),
    [
        ("", False),
        ("{}", False),
        ('{"force": true}', True),
        ('{"force": false}', False),
        ('{"force": "true"}', True),
        ('{"force": "false"}', False),
        ('{"force": null}', False),
        ('"force"', False),
        ("[true]", False),
        ("null", False),
        ("1", False),
    ],
)
@pytest.mark.parametrize("address", ["plugins/state/reconcile", "plugins/store/refresh"])
def test_options_are_optional_and_force_is_a_real_boolean(address, body, forced):
    answer = client_of().generic("POST", f"/api/v3/{address}", body, content_type="application/json")
    assert (answer.status_code, Operation.objects.get().arguments["force"]) == (202, forced)


def test_reconcile_without_a_body_and_before_the_first_pass():
    client = client_of()
    assert client.post("/api/v3/plugins/state/reconcile/").status_code == 202
    nothing = {"findings": [], "fixed": [], "manual_fix_required": [], "finished_at": None}
    assert client.get("/api/v3/plugins/state/reconcile").json() == nothing


def test_operations_are_filtered_and_cut_the_newest_first():
    for number in range(60):
        Operation.objects.create(kind=OperationKind.UPDATE, plugin_id=f"p{number}", status=OperationStatus.SUCCEEDED)
    Operation.objects.create(kind=OperationKind.INSTALL, plugin_id="clock", status="failed", error_code="network", requested_by="mia")
    client = client_of(Role.VIEWER)
    everything = client.get("/api/v3/operations").json()
    assert (everything["count"], len(everything["results"]), everything["results"][0]["plugin_id"]) == (61, 50, "clock")
    for query in ({"kind": "install"}, {"status": "failed"}, {"plugin_id": "CLOCK"}, {"requested_by": "Mia"}):
        assert [row["plugin_id"] for row in client.get("/api/v3/operations", query).json()["results"]] == ["clock"]
    assert [row["plugin_id"] for row in client.get("/api/v3/operations", {"limit": 1, "offset": 60}).json()["results"]] == ["p0"]


def test_logs_are_for_operators():
    operation = Operation.objects.create(kind=OperationKind.INSTALL, plugin_id="clock")
    operation.log.create(text="Fetching")
    lines = {role: client_of(role).get(f"/api/v3/operations/{operation.pk}").json()["log"] for role in Role}
    assert [len(lines[role]) for role in Role] == [0, 1, 1]
    assert lines[Role.ADMIN][0]["text"] == "Fetching"


def test_a_queued_operation_is_cancelled_and_a_finished_one_is_not():
    operation = Operation.objects.create(kind=OperationKind.INSTALL, plugin_id="clock")
    client = client_of(Role.OPERATOR)
    assert client.post(f"/api/v3/operations/{operation.pk}/cancel").json()["status"] == "cancelled"
    Operation.objects.update(status=OperationStatus.SUCCEEDED)
    answer = client.post(f"/api/v3/operations/{operation.pk}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "too-late")


def test_a_toggle_and_an_order_happen_at_once():
    for plugin_id in "abc":
        make_plugin(plugin_id)
    enable.set_order(["a", "b", "c"], requested_by="test")
    client = client_of(Role.OPERATOR)
    off = client.post("/api/v3/plugins/toggle", {"plugin_id": "b", "enabled": False}, format="json")
    assert (off.status_code, off.json(), Plugin.objects.get(pk="b").enabled) == (200, {"plugin_id": "b", "enabled": False}, False)
    assert client.post("/api/v3/plugins/order", {"plugin_ids": ["c", "a"]}, format="json").status_code == 200
    assert [row["id"] for row in client.get("/api/v3/plugins/installed").json()["results"]] == ["c", "a", "b"]


def test_settings_are_changed_replaced_and_reset_with_secrets_masked():
    make_plugin("hello")
    client, address = client_of(Role.OPERATOR), "/api/v3/plugins/hello/config"
    changed = client.patch(address, {"message": "Bye", "api_key": "s3cret"}, format="json").json()
    assert (changed["message"], changed["speed"], changed["api_key"]) == ("Bye", 5, "********")
    assert client.get(f"{address}/secrets").json() == {"set": ["/api_key"]}
    replaced = client.put(address, {**changed, "message": "Hi"}, format="json").json()
    assert (replaced["message"], replaced["api_key"]) == ("Hi", "********")
    assert client.post(f"{address}/reset").json()["message"] == "Hello"
    assert client.get("/api/v3/plugins/hello/schema").json()["properties"]["speed"]["maximum"] == 10
    assert "s3cret" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_settings_that_carry_enabled_are_a_toggle():
    make_plugin("hello")
    answer = client_of(Role.OPERATOR).patch("/api/v3/plugins/hello/config", {"enabled": False}, format="json")
    assert (answer.status_code, Plugin.objects.get().enabled, answer.json()["enabled"]) == (200, False, False)


def test_bad_settings_are_named_and_nothing_is_saved():
    make_plugin("hello")
    client = client_of(Role.OPERATOR)
    answer = client.patch("/api/v3/plugins/hello/config", {"speed": 99, "message": "Bye"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "settings-invalid")
    assert [error["path"] for error in answer.json()["errors"]] == ["/speed"]
    assert client.get("/api/v3/plugins/hello/config").json()["message"] == "Hello"


def test_the_display_is_told_and_answers():
    make_plugin("hello")
    client = client_of(Role.OPERATOR)
    shown = client.post("/api/v3/display/on-demand", {"plugin_id": "hello", "duration": 20}, format="json")
    said = {"id": shown.json().get("id"), "plugin_id": "hello", "mode": None, "duration": 20.0, "pinned": False}
    assert (shown.status_code, shown.json()) == (202, said)
    assert client.delete("/api/v3/display/on-demand").status_code == 204
    assert client.post("/api/v3/display/next").status_code == 202
    assert client.patch("/api/v3/display/settings", {"brightness": 40, "power": True}, format="json").json() == {"brightness": "live"}
    assert client.post("/api/v3/display/pause").json() == {"paused": "live"}
    assert client.get("/api/v3/display/settings").json()["paused"] is True
    assert client.get("/api/v3/display/status").json()["alive"] is False


@pytest.mark.parametrize("address", ["plugins/installed/", "plugins/store/list/", "operations/", "display/status/"])
def test_a_trailing_slash_is_optional(address):
    client = client_of(Role.VIEWER)
    assert client.get(f"/api/v3/{address}").json() == client.get(f"/api/v3/{address.rstrip('/')}").json()


@pytest.mark.parametrize("address", ["plugins/installed", "plugins/store/list", "operations", "operations/1", "plugins/hello/config"])
def test_the_number_of_queries_does_not_grow_with_the_rows(address):
    make_plugin("hello")
    Operation.objects.create(pk=1, kind=OperationKind.UPDATE, plugin_id="hello")
    client = client_of()
    client.get(f"/api/v3/{address}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/api/v3/{address}")
    for number in range(15):
        make_plugin(f"plugin-{number}")
        Operation.objects.create(kind=OperationKind.UPDATE, plugin_id=f"plugin-{number}")
    make_offers(*[f"plugin-{number}" for number in range(15)])
    client.get(f"/api/v3/{address}")
    with CaptureQueriesContext(connection) as many:
        client.get(f"/api/v3/{address}")
    assert len(many) <= len(few) <= 8


def test_uploads_leave_nothing_when_refused(settings):
    def kept() -> list[Path]:
        return [*(settings.LEDSITE.data_dir / "uploads").glob("*"), *PluginPaths(settings.LEDSITE.plugin_dir).staging.glob("*")]

    before = kept()
    client_of().post("/api/v3/plugins/install-upload", {"file": SimpleUploadedFile("x.zip", b"no zip")}, format="multipart")
    assert kept() == before
