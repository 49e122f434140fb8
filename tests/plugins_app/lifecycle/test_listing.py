"""The rows of the installed list, and enabling and ordering."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django_q.models import OrmQ

from plugins_app.access import Role
from plugins_app.exceptions import BadRequest, NotFound
from plugins_app.lifecycle import requests
from plugins_app.lifecycle.enable import set_enabled, set_order
from plugins_app.lifecycle.listing import installed_plugins, look
from plugins_app.models import AuditEntry, Plugin, Revision
from plugins_app.package import git
from plugins_app.reconcile.folders import check_folders, signature
from tests.fakes.people import client_of
from tests.fakes.shop import Shop

WHO = "mia"


def rows(**wanted: Any) -> list[Plugin]:
    return [
        Plugin.objects.create(plugin_id=name, name=name, version="1.0", source="local", position=n, **wanted)
        for n, name in enumerate("abc")
    ]


def write_status(shop: Shop, *, age: float = 0.0, **plugins: dict[str, Any]) -> None:
    status = {"beat": time.monotonic() - age, "plugins": plugins}
    (shop.context.paths.root.parent / "run" / "status.json").write_text(json.dumps(status))


def test_a_row_says_everything_about_a_plugin(shop: Shop) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    shop.entries["alpha"]["latest_version"] = "1.1.0"
    shop.publish()
    (row,) = installed_plugins()
    assert (row["id"], row["version"], row["latest_version"], row["update_available"]) == ("alpha", "1.0.0", "1.1.0", True)
    assert (row["status"], row["status_reason"], row["source"], row["git"]) == ("ready", "The panel is not running.", "registry", None)


def test_the_status_is_what_the_director_says_while_it_lives(shop: Shop) -> None:
    rows(enabled=True)
    write_status(shop, a={"state": "showing"}, b={"state": "quarantined", "reason": "It crashed five times."})
    assert [(row["status"], row["status_reason"]) for row in installed_plugins()] == [
        ("showing", ""),
        ("quarantined", "It crashed five times."),
        ("starting", ""),
    ]
    write_status(shop, age=10, a={"state": "showing"})
    assert installed_plugins()[0]["status"] == "ready"


def test_what_no_row_shows_changes_no_key(shop: Shop) -> None:
    rows(enabled=True)
    write_status(shop, a={"state": "ready", "reason": "", "cpu_percent": 1.0})
    key = look().key
    write_status(shop, a={"state": "ready", "reason": "", "cpu_percent": 7.5})
    assert look().key == key
    write_status(shop, a={"state": "ready", "reason": "It waits for data."})
    assert look().key != key


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"missing": True}, "missing"),
        ({"incompatible": "It needs 9.0."}, "incompatible"),
        ({"enabled": False}, "disabled"),
        ({"enabled": True, "setup_problem": "No city."}, "needs-configuration"),
    ],
)
def test_other_states_come_from_the_row(shop: Shop, fields: dict[str, Any], expected: str) -> None:
    rows(**fields)
    assert installed_plugins()[0]["status"] == expected


def test_a_list_that_has_not_changed_takes_two_queries_and_a_change_shows_at_once(shop: Shop, django_assert_num_queries: Any) -> None:
    rows()
    set_enabled("a", enabled=True, requested_by=WHO)
    installed_plugins()
    with django_assert_num_queries(2):
        installed_plugins()
    set_enabled("b", enabled=True, requested_by=WHO)
    assert [row["enabled"] for row in installed_plugins()] == [True, True, False]


def test_enabling_is_audited_and_bumps_the_list_once(shop: Shop) -> None:
    rows()
    before = Revision.current("plugins")
    set_enabled("A", enabled=True, requested_by=WHO)
    set_enabled("a", enabled=True, requested_by=WHO)
    assert (Plugin.objects.get(pk="a").enabled, Revision.current("plugins")) == (True, before + 1)
    assert AuditEntry.objects.get().details == {"enabled": True}
    with pytest.raises(NotFound):
        set_enabled("x", enabled=True, requested_by=WHO)


def test_the_order_puts_the_named_ones_first(shop: Shop) -> None:
    rows()
    set_order(["c", "A"], requested_by=WHO)
    assert [plugin.plugin_id for plugin in Plugin.objects.in_order()] == ["c", "a", "b"]
    with pytest.raises(BadRequest):
        set_order(["a", "A"], requested_by=WHO)
    with pytest.raises(NotFound):
        set_order(["x"], requested_by=WHO)


def working_copy(shop: Shop, sha: str, *, remote: str = "https://github.com/someone/alpha") -> None:
    folder = shop.context.paths.live("alpha") / ".git"
    (folder / "refs" / "heads").mkdir(parents=True, exist_ok=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "refs" / "heads" / "main").write_text(sha + "\n")
    (folder / "config").write_text(f'[remote "origin"]\n\turl = {remote}\n')


def test_a_git_working_copy_says_what_it_is_and_moves_without_a_process(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    monkeypatch.setattr(subprocess, "Popen", None)
    looks = [signature(shop.context.paths.plugin_dir)]
    for sha, remote in (
        ("a" * 40, "https://github.com/someone/alpha"),
        ("b" * 40, "https://github.com/someone/alpha"),
        ("b" * 40, "https://x.example"),
    ):
        working_copy(shop, sha, remote=remote)
        looks.append(signature(shop.context.paths.plugin_dir))
        assert looks[-1] != looks[-2]
        check_folders(shop.context)
        facts = installed_plugins()[0]["git"]
        assert (facts["branch"], facts["sha"], facts["remote_url"], facts["dirty"]) == ("main", sha, remote, None)


def test_a_working_copy_that_is_edited_says_so_within_a_look(shop: Shop) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    folder = shop.context.paths.live("alpha")
    for words in ("init -q", "add manager.py manifest.json", "-c user.name=a -c user.email=a@b commit -qm one"):
        subprocess.run(["git", "-C", str(folder), *words.split()], check=True)
    looks = [signature(shop.context.paths.plugin_dir)]
    check_folders(shop.context)
    assert installed_plugins()[0]["git"]["dirty"] is False
    (folder / "manager.py").write_text("# edited\n")
    looks.append(signature(shop.context.paths.plugin_dir))
    check_folders(shop.context)
    assert installed_plugins()[0]["git"]["dirty"] is True and looks[0] != looks[1]


def test_working_copies_are_read_while_others_may_write(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    working_copy(shop, "a" * 40)
    locked: list[bool] = []
    monkeypatch.setattr(git, "is_changed", lambda folder, commit, **options: locked.append(connection.in_atomic_block))
    check_folders(shop.context)
    assert locked == [False]


def test_a_folder_that_appears_lets_a_worker_look_once(shop: Shop) -> None:
    installed_plugins()
    (shop.context.paths.plugin_dir / "by-hand").mkdir()
    for _ in range(3):
        installed_plugins()
    assert [row.task["func"] for row in OrmQ.objects.all()] == ["plugins_app.tasks.check_folders"]


def test_a_list_reads_no_folder(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    installed_plugins()
    for name in ("iterdir", "open", "read_text"):
        monkeypatch.setattr(Path, name, None)
    assert [row["id"] for row in installed_plugins()] == ["alpha"]


def test_refresh_reads_the_folders_again_before_it_answers(shop: Shop) -> None:
    shop.offer("alpha")
    shop.finish(requests.request_install("alpha", requested_by=WHO))
    client = client_of(Role.VIEWER)
    manifest = shop.context.paths.live("alpha") / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"description": "Edited by hand."}))
    address = "/api/v3/plugins/installed"
    assert client.get(address).json()["results"][0]["description"] != "Edited by hand."
    assert client.get(f"{address}?refresh=1").json()["results"][0]["description"] == "Edited by hand."
    assert client.get(address).json()["results"][0]["description"] == "Edited by hand."
