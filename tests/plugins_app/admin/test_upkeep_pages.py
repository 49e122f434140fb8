"""The page of what needs a person: a button for each way out, automatic updates, and registries."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from plugins_app.access import Role
from plugins_app.exceptions import NetworkProblem
from plugins_app.models import IgnoredFinding, Issue, Operation, Plugin, ReconcileRun, RegistrySource, Tombstone, UpdatePolicy
from plugins_app.reconcile.findings import ACTIONS, KINDS, actions_for
from plugins_app.store import registry_rows
from plugins_app.templatetags.ledsite import ACTION_WORDS, FINDING_WORDS
from tests.fakes.people import make_user
from tests.fakes.rows import make_offers, make_plugin

pytestmark = pytest.mark.django_db


def browser_of(role: Role) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def finding() -> None:
    make_offers("hello")
    make_plugin("hello", missing=True)
    manual = [{"plugin_id": "odd", "kind": "unknown-folder", "reason": "It has no manifest.", "since": "2026-01-01T00:00Z"}]
    manual.append({"plugin_id": "hello", "kind": "missing", "reason": "Not in the registry.", "since": "2026-01-01T00:00Z"})
    for entry in manual:
        entry["actions"] = list(actions_for(entry["kind"]))
        Issue.report(entry["kind"], entry["plugin_id"], entry["reason"])
    ReconcileRun.objects.create(manual=manual, finished_at="2026-01-01T00:00Z")


def test_every_kind_and_action_has_words():
    assert set(FINDING_WORDS) == set(KINDS) and set(ACTION_WORDS) == set(ACTIONS)


@pytest.mark.parametrize(
    ("role", "buttons"),
    [(Role.VIEWER, []), (Role.OPERATOR, ["Ignore", "Install again"]), (Role.ADMIN, ["Ignore", "Install again", "Keep as it is", "Remove"])],
)
def test_each_finding_has_the_buttons_that_a_role_may_use(finding, role, buttons):
    text = browser_of(role).get("/admin/upkeep/").content.decode()
    assert "It has no manifest." in text and "Files missing" in text
    assert [words for words in sorted(ACTION_WORDS.values()) if f">{words}</button>" in text] == buttons


def test_buttons_do_what_they_say(finding):
    client = browser_of(Role.ADMIN)
    client.post("/admin/upkeep/findings/hello/retry", {"kind": "missing"})
    client.post("/admin/upkeep/findings/odd/ignore", {"kind": "unknown-folder"})
    assert Operation.objects.get().arguments["repair"] == "hello"
    assert IgnoredFinding.objects.get().plugin_id == "odd"
    assert "It has no manifest." not in client.get("/admin/upkeep/").content.decode()


def test_an_operator_cannot_remove_by_its_address(finding):
    browser_of(Role.OPERATOR).post("/admin/upkeep/findings/hello/remove")
    assert not Operation.objects.exists()


def test_a_version_is_chosen_on_the_page_of_versions():
    make_offers("hello")
    make_plugin("hello", version="0.9.0")
    client = browser_of(Role.OPERATOR)
    assert "Change to 1.1.0" in client.get("/admin/plugins/hello/versions/").content.decode()
    client.post("/admin/plugins/hello/update", {"version": "1.1.0"})
    assert Operation.objects.get().arguments == {"version": "1.1.0"}
    assert "Change to" not in client.get("/admin/plugins/hello/versions/list").content.decode()


def test_updates_say_how_old_they_are_and_what_a_registry_lacks():
    source = make_offers("hello")
    make_plugin("hello", version="0.9.0")
    Plugin.objects.update(name="Hello there")
    client = browser_of(Role.VIEWER)
    text = client.get("/admin/upkeep/").content.decode()
    assert ">Hello there</a> 0.9.0 → 1.1.0" in text and "The registries have answered just now." in text
    problem = NetworkProblem("The registry hangs.", code="timeout", hint="Is this machine online?")
    registry_rows.keep_stale(source, problem=problem, seconds=60, now=timezone.now())
    assert "The registry: The registry hangs.</strong> Is this machine online?" in client.get("/admin/upkeep/").content.decode()
    Operation.objects.create(kind="refresh")
    assert "The registries are being asked." in client.get("/admin/upkeep/updates").content.decode()


def test_history_is_filtered_by_kind_status_plugin_and_person():
    Operation.objects.create(kind="update", plugin_id="clock", status="failed", requested_by="mia")
    Operation.objects.create(kind="install", plugin_id="other", status="succeeded", requested_by="automatic")
    client = browser_of(Role.VIEWER)
    assert ">mia</option>" in client.get("/admin/operations/").content.decode()
    for query in ({"kind": "update"}, {"status": "failed"}, {"plugin_id": "clo"}, {"requested_by": "mia"}):
        text = client.get("/admin/operations/list", query).content.decode()
        assert ("Update clock" in text, "Install other" in text) == (True, False)


def test_automatic_updates_are_turned_on_and_off():
    client = browser_of(Role.ADMIN)
    client.post("/admin/upkeep/policy", {"automatic": "true"})
    assert UpdatePolicy.is_automatic()
    assert "by themselves: one at a time" in client.get("/admin/upkeep/").content.decode()
    client.post("/admin/upkeep/policy", {"automatic": "false"})
    assert not UpdatePolicy.is_automatic()


def test_registries_are_added_and_removed_on_their_page():
    make_offers("hello")
    client = browser_of(Role.ADMIN)
    client.post("/admin/store/sources/add", {"name": "Friends", "url": "https://example.org/p.json"})
    added = RegistrySource.objects.get(trust="added")
    assert "https://example.org/p.json" in client.get("/admin/store/sources/").content.decode()
    client.post(f"/admin/store/sources/{added.pk}/remove")
    assert RegistrySource.objects.count() == 1
    assert browser_of(Role.OPERATOR).get("/admin/store/sources/").status_code == 403


def test_what_was_removed_is_deleted_for_good_by_an_administrator():
    Tombstone.objects.create(plugin_id="gone", generation="g", snapshot={"plugin": {"name": "Gone"}})
    client = browser_of(Role.ADMIN)
    assert "Delete for good" in client.get("/admin/plugins/").content.decode()
    client.post("/admin/plugins/gone/purge")
    assert Operation.objects.get().kind == "purge"
