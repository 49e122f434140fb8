"""Findings, deleting for good, updates of all, registries and retries over HTTP."""

from __future__ import annotations

import pytest

from plugins_app.access import Role
from plugins_app.lifecycle import automatic
from plugins_app.models import Issue, Operation, Probation, ReconcileRun, RegistrySource, Release, Tombstone
from tests.fakes.people import client_of
from tests.fakes.rows import make_offers, make_plugin

pytestmark = pytest.mark.django_db

BASE = "/api/v3/plugins"


def report(kind: str, plugin_id: str) -> None:
    Issue.report(kind, plugin_id, f"{plugin_id}: something")


def test_a_finding_can_be_tried_again_by_an_operator():
    make_offers("clock")
    make_plugin("clock", missing=True)
    report("missing", "clock")
    answer = client_of(Role.OPERATOR).post(f"{BASE}/state/findings/clock/retry")
    operation = Operation.objects.get()
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v3/operations/{operation.pk}")
    assert (operation.kind, operation.arguments["repair"], operation.requested_by) == ("install", "clock", "operator")


@pytest.mark.parametrize("action", ["adopt", "remove"])
def test_taking_and_removing_is_for_administrators(action):
    make_plugin("clock")
    report("version-mismatch", "clock")
    assert client_of(Role.OPERATOR).post(f"{BASE}/state/findings/clock/{action}").json()["code"] == "forbidden"
    assert not Operation.objects.exists()


def test_what_is_done_at_once_is_a_sentence_and_the_finding_is_gone():
    ReconcileRun.objects.create(finished_at="2026-01-01T00:00Z", manual=[{"kind": "unknown-folder", "plugin_id": "odd"}])
    report("unknown-folder", "odd")
    client = client_of(Role.OPERATOR)
    assert len(client.get(f"{BASE}/state/reconcile").json()["manual_fix_required"]) == 1
    answer = client.post(f"{BASE}/state/findings/odd/ignore", {"kind": "unknown-folder"}, format="json")
    assert (answer.status_code, answer.json()["action"]) == (200, "ignore")
    assert client.get(f"{BASE}/state/reconcile").json()["manual_fix_required"] == []


@pytest.mark.parametrize(
    ("path", "status", "code"), [("odd/retry", 400, "bad-action"), ("odd/burn", 400, "bad-action"), ("no/retry", 404, "no-such-finding")]
)
def test_what_does_not_help_or_is_not_there_is_refused(path, status, code):
    report("unknown-folder", "odd")
    answer = client_of(Role.ADMIN).post(f"{BASE}/state/findings/{path}", "[]", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_what_was_removed_is_deleted_for_good():
    client = client_of(Role.ADMIN)
    assert client.post(f"{BASE}/purge", {"plugin_id": "clock"}, format="json").json()["code"] == "nothing-to-purge"
    Tombstone.objects.create(plugin_id="clock")
    assert client.post(f"{BASE}/purge", {"plugin_id": "Clock"}, format="json").json()["kind"] == "purge"


def test_what_was_removed_is_listed_until_nothing_is_kept():
    snapshot = {"name": "Clock", "version": "1.0.0", "plugin": {"name": "Clock"}, "config": {"values": {"a": 1}}}
    Tombstone.objects.create(plugin_id="clock", generation="g1", snapshot=snapshot, removed_by="mia")
    Tombstone.objects.create(plugin_id="kept", preserve_config=True, snapshot={"config": {"values": {}}}, removed_at="2020-01-01T00:00Z")
    Tombstone.objects.create(plugin_id="gone")
    rows = client_of(Role.VIEWER).get(f"{BASE}/removed").json()["results"]
    assert [(row["id"], row["name"], row["undo_until"] is None, row["keeps_settings"]) for row in rows] == [
        ("clock", "Clock", False, False),
        ("kept", "kept", True, True),
    ]


def test_all_are_updated_with_one_operation_for_each():
    make_offers("clock", "weather")
    for plugin_id in ("clock", "weather"):
        make_plugin(plugin_id)
    Release.objects.create(plugin_id="weather", version="1.1.0", refused_at="2026-01-01T00:00Z")
    answer = client_of(Role.OPERATOR).post(f"{BASE}/update-all")
    assert (answer.status_code, answer.json()["count"]) == (202, 1)
    assert [row["plugin_id"] for row in answer.json()["results"]] == ["clock"]


def test_a_version_is_chosen_in_the_body():
    make_offers("clock")
    make_plugin("clock")
    answer = client_of(Role.OPERATOR).post(f"{BASE}/update", {"plugin_id": "clock", "version": "0.1"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "version-unknown")


def test_automatic_updates_are_off_until_an_administrator_turns_them_on():
    client = client_of(Role.ADMIN)
    assert client.get(f"{BASE}/update-policy").json() == {"automatic": False, "probation": [], "refused": []}
    Probation.objects.create(plugin_id="clock", generation="g", version="2", from_version="1")
    body = client.put(f"{BASE}/update-policy", {"automatic": True}, format="json").json()
    assert (body["automatic"], body["probation"][0]["version"], automatic.describe()["automatic"]) == (True, "2", True)
    assert client.put(f"{BASE}/update-policy", {}, format="json").status_code == 400


def test_registries_are_listed_added_and_removed():
    make_offers("clock")
    client = client_of(Role.ADMIN)
    added = client.post(f"{BASE}/store/sources", {"name": "Friends", "url": "https://example.org/plugins.json"}, format="json")
    assert (added.status_code, added.json()["trust"]) == (201, "added")
    assert [row["name"] for row in client.get(f"{BASE}/store/sources").json()["results"]] == ["official", "Friends"]
    assert Operation.objects.get().kind == "refresh"
    assert client.delete(f"{BASE}/store/sources/{added.json()['id']}").status_code == 204
    official = RegistrySource.objects.get()
    assert client.delete(f"{BASE}/store/sources/{official.pk}").json()["code"] == "official-registry"
    bad = client.post(f"{BASE}/store/sources", {"name": "Bad", "url": "https://10.0.0.1/plugins.json"}, format="json")
    assert (bad.status_code, bad.json()["code"]) == (403, "host-not-allowed")


def test_what_failed_is_repeated_and_what_needs_an_administrator_by_one():
    failed = Operation.objects.create(kind="update", plugin_id="clock", status="failed")
    removal = Operation.objects.create(kind="uninstall", plugin_id="weather", status="cancelled")
    client = client_of(Role.OPERATOR)
    answer = client.post(f"/api/v3/operations/{failed.pk}/retry")
    assert (answer.status_code, answer.json()["plugin_id"]) == (202, "clock")
    assert client.post(f"/api/v3/operations/{removal.pk}/retry").status_code == 403
    uploaded = Operation.objects.create(kind="update", plugin_id="c", status="failed", arguments={"source": "upload", "path": "/x.zip"})
    assert client.post(f"/api/v3/operations/{uploaded.pk}/retry").status_code == 403
    assert client.post(f"/api/v3/operations/{answer.json()['id']}/retry").json()["code"] == "nothing-to-repeat"
