"""Scripts of a plugin through API and worker, each in a process of its own: what a good one finds and leaves, and what a bad one cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from display_app.hosting import kernel
from plugins_app.access import Role
from plugins_app.actions import run as room
from plugins_app.actions.ask import ask
from plugins_app.config.store import effective_settings, masked_settings, save_settings
from plugins_app.exceptions import Conflict, OperationOpen
from plugins_app.installer.locks import hold, is_held
from plugins_app.lifecycle import requests
from plugins_app.models import ActionRun, AuditEntry, Plugin
from plugins_app.tasks import run_action
from tests.fakes.people import client_of
from tests.fakes.product import wait_for
from tests.fakes.shop import Shop

pytestmark = pytest.mark.process
needs_landlock = pytest.mark.skipif(kernel.landlock_version() == 0, reason="the kernel has no Landlock")


def do(plugin: Plugin, action_id: str, **params: Any) -> ActionRun:
    """Ask, and do what a worker would."""
    asked = ask(plugin, action_id, params, requested_by="test")
    run_action(asked.pk)
    asked.refresh_from_db()
    return asked


def misbehave(plugin: Plugin, kind: str, **more: Any) -> ActionRun:
    return do(plugin, "misbehave", kind=kind, **more)


def test_the_api_lists_runs_and_tells(shop: Shop, tools: Plugin) -> None:
    client = client_of(Role.OPERATOR)
    listed = client.get("/api/v3/plugins/tools/actions").json()
    names = ["echo", "login", "two-steps", "misbehave", "rename", "lost", "linked"]
    assert [(one["id"], one["is_hidden"]) for one in listed["results"]] == [(name, name in names[3:]) for name in names]
    body = {"plugin_id": "tools", "action_id": "echo", "params": {"a": [1, "ö"]}}
    asked = client.post("/api/v3/plugins/action", body, format="json")
    assert (asked.status_code, asked.json()["status"]) == (202, "waiting")
    run_action(asked.json()["id"])
    answer = client.get(asked["Location"]).json()
    assert (answer["status"], answer["message"]) == ("done", "Said.")
    assert answer["answer"] == {
        "status": "success",
        "message": "Said.",
        "given": {"a": [1, "ö"]},
        "sections": ["tools"],
        "word": "TOOLS",
        "secret": "********",
        "file": "echo.py",
        "here": str(shop.context.paths.root),
    }
    assert "hunter2000" not in str(ActionRun.objects.values())
    assert AuditEntry.objects.filter(what="action", subject="tools").exists()


@pytest.mark.parametrize("action_id", ["escape", "page", "no-such", "../scripts/echo.py", ""])
def test_only_what_the_manifest_offers_can_be_asked_for(shop: Shop, tools: Plugin, action_id: str) -> None:
    answer = client_of(Role.OPERATOR).post("/api/v3/plugins/action", {"plugin_id": "tools", "action_id": action_id}, format="json")
    assert answer.status_code in (400, 404)
    assert not ActionRun.objects.exists()


def test_a_login_in_two_steps_leaves_its_token_where_the_plugin_finds_it(shop: Shop, tools: Plugin) -> None:
    first = do(tools, "login")
    assert (first.status, first.link, first.wants_code) == ("done", "https://accounts.example/authorize?client=1", True)
    mark = Plugin.objects.get().start_mark
    second = do(tools, "login", redirect_url="http://127.0.0.1:8888/callback?code=tok1234&state=x")
    assert (second.status, second.message, second.wants_code) == ("done", "Logged in", False)
    assert Plugin.objects.get().start_mark == mark + 1
    assert (shop.plugin_dir / "tools" / "token.txt").read_text() == "tok1234"
    manifest = shop.folder / "repository" / "plugins" / "tools" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"1.0.0"', '"2.0.0"', 1))
    shop.entries["tools"]["latest_version"] = "2.0.0"
    shop.publish()
    shop.finish(requests.request_update("tools", requested_by="test"))
    assert Plugin.objects.get().version == "2.0.0"
    assert (shop.plugin_dir / "tools" / "token.txt").read_text() == "tok1234"
    shop.finish(requests.request_rollback("tools", requested_by="test"))
    assert (shop.plugin_dir / "tools" / "token.txt").read_text() == "tok1234"


def test_a_code_alone_is_put_into_an_address(shop: Shop, tools: Plugin) -> None:
    assert do(tools, "two-steps").wants_code
    done = do(tools, "two-steps", redirect_url="4/0Ab-long")
    assert (done.status, done.message) == ("done", "Got 4/")
    refused = do(tools, "login", redirect_url="http://127.0.0.1/?error=denied")
    assert (refused.status, refused.message) == ("failed", "It ended with code 1: Paste it: There is no code in ********")


def test_what_it_writes_into_its_settings_is_saved_and_nothing_else(shop: Shop, tools: Plugin) -> None:
    assert do(tools, "rename", word="NEW").status == "done"
    assert masked_settings(tools)["word"] == "NEW"
    assert effective_settings(tools)["client_secret"] == "hunter2000"
    wrong = do(tools, "rename", word="x" * 100)
    assert (wrong.status, "were not saved" in wrong.message) == ("failed", True)
    assert masked_settings(tools)["word"] == "NEW"
    switched = do(tools, "rename", enabled=False)
    assert (switched.status, Plugin.objects.get().enabled) == ("done", True)


def test_settings_that_a_person_saved_meanwhile_win(shop: Shop, tools: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask(tools, "rename", {"word": "SCRIPT"}, requested_by="test")
    runs: Callable[..., Any] = room.run_script

    def slow(*args: Any, **options: Any) -> Any:
        ran = runs(*args, **options)
        save_settings("tools", {"word": "PERSON"}, partial=True, requested_by="test")
        return ran

    monkeypatch.setattr(room, "run_script", slow)
    run_action(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, masked_settings(tools)["word"]) == ("failed", "PERSON")


def test_no_secret_stands_in_files_of_a_plugin_that_does_not_ask_for_them(shop: Shop, tools: Plugin) -> None:
    do(tools, "echo")
    folder = shop.context.paths.private / "cache" / "tools"
    assert [path.name for path in folder.rglob("*.json")] == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("raise", "It went wrong: RuntimeError: by its author"),
        ("tell", "It went wrong: the secret is ********"),
        ("flood", "It was ended: it printed more than 512 KB."),
        ("memory", "It went wrong: MemoryError"),
    ],
)
def test_a_script_that_fails_says_how(shop: Shop, tools: Plugin, kind: str, words: str) -> None:
    failed = misbehave(tools, kind)
    assert (failed.status, failed.message) == ("failed", words)


@pytest.mark.parametrize("kind", ["hang", "many"])
def test_a_script_that_does_not_end_is_ended_with_all_that_it_started(shop: Shop, tools: Plugin, kind: str) -> None:
    asked = ask(tools, "misbehave", {"kind": kind}, requested_by="test")
    room.run(shop.context, asked.pk, seconds=3)
    asked.refresh_from_db()
    assert (asked.status, asked.message) == ("failed", "It was ended: it did not come to an end within 3 seconds.")
    wait_for(lambda: not is_held(shop.context.paths.live_lock("tools")), what="nobody at the plugin's files")


def test_what_a_script_leaves_running_is_ended(shop: Shop, tools: Plugin) -> None:
    left = misbehave(tools, "leave").answer["pid"]
    assert not Path(f"/proc/{left}").exists()


def test_a_script_that_flees_from_child_to_child_is_caught(shop: Shop, tools: Plugin) -> None:
    misbehave(tools, "flee")
    wait_for(lambda: not is_held(shop.context.paths.live_lock("tools")), what="nobody at the plugin's files")


def test_a_link_that_is_none_is_not_offered(shop: Shop, tools: Plugin) -> None:
    lied = misbehave(tools, "lie")
    assert (lied.link, lied.wants_code) == ("", False)


def test_a_script_that_is_missing_or_a_link_out_of_the_folder_is_not_run(shop: Shop, tools: Plugin) -> None:
    (shop.folder / "outside.py").write_text("print('ran')")
    (shop.plugin_dir / "tools" / "linked.py").symlink_to(shop.folder / "outside.py")
    for action_id, name in (("lost", "scripts/lost.py"), ("linked", "linked.py")):
        failed = do(tools, action_id)
        assert (failed.status, failed.message) == ("failed", f"It ended with code 2: The plugin has no {name}.")


@needs_landlock
def test_a_script_reaches_no_further_than_its_host(shop: Shop, tools: Plugin) -> None:
    (shop.context.protected[0] / "secret.key").write_text("k")
    other = shop.plugin_dir / "other"
    other.mkdir()
    (other / "token.txt").write_text("of another")
    for path in (shop.context.protected[0] / "secret.key", other / "token.txt"):
        refused = misbehave(tools, "read", path=str(path))
        assert (refused.status, "Permission" in refused.message) == ("failed", True)
    for path in (other / "token.txt", shop.context.paths.root / "x.py", shop.context.protected[0] / "x"):
        assert misbehave(tools, "write", path=str(path)).status == "failed"
    assert misbehave(tools, "write", path=str(shop.plugin_dir / "tools" / "own.txt")).status == "done"


def test_one_at_a_time_and_not_beside_an_operation(shop: Shop, tools: Plugin) -> None:
    waiting = ask(tools, "echo", {}, requested_by="test")
    with pytest.raises(Conflict) as refusal:
        ask(tools, "login", {}, requested_by="test")
    assert refusal.value.code == "action-running"
    operation = requests.request_uninstall("tools", requested_by="test")
    run_action(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.message[:30]) == ("failed", "It was ended: the plugin is be")
    with pytest.raises(OperationOpen):
        ask(tools, "echo", {}, requested_by="test")
    assert shop.finish(operation).status == "succeeded"


def test_it_makes_way_for_an_operation_that_comes_while_it_runs(shop: Shop, tools: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask(tools, "misbehave", {"kind": "hang"}, requested_by="test")
    looks = room._make_way

    def look(plugin: Plugin) -> None:
        if is_held(shop.context.paths.live_lock("tools")) and not requests.Operation.objects.open().exists():
            requests.request_uninstall("tools", requested_by="test")
        looks(plugin)

    monkeypatch.setattr(room, "_make_way", look)
    run_action(asked.pk)
    asked.refresh_from_db()
    assert asked.message.startswith("It was ended: the plugin is being changed")


def test_told_twice_it_runs_once_and_what_it_was_given_is_forgotten(shop: Shop, tools: Plugin) -> None:
    asked = ask(tools, "rename", {"word": "ONCE"}, requested_by="test")
    assert ActionRun.objects.get().sealed_params not in ("", "ONCE")
    run_action(asked.pk)
    save_settings("tools", {"word": "LATER"}, partial=True, requested_by="test")
    run_action(asked.pk)
    assert masked_settings(tools)["word"] == "LATER"
    assert ActionRun.objects.get().sealed_params == ""


def test_a_run_that_is_delivered_again_after_a_kill_is_ended_at_once(shop: Shop, tools: Plugin) -> None:
    asked = ask(tools, "echo", {}, requested_by="test")
    assert asked.claim()
    with hold(shop.context.paths.action_lock("tools")):
        run_action(asked.pk)
    assert ActionRun.objects.get().status == "running"
    run_action(asked.pk)
    assert (ActionRun.objects.get().status, do(tools, "echo").status) == ("failed", "done")


def test_a_run_whose_worker_was_killed_is_told_and_stands_in_nobodys_way(shop: Shop, tools: Plugin) -> None:
    asked = ask(tools, "echo", {"a": 1}, requested_by="test")
    assert asked.claim()
    ActionRun.objects.update(started_at="2026-01-01T00:00Z")
    answer = client_of(Role.OPERATOR).get(reverse("plugin-action-run", args=["tools", asked.pk])).json()
    assert (answer["status"], answer["message"]) == ("failed", "It was interrupted. Start it again.")
    assert do(tools, "echo").status == "done"
