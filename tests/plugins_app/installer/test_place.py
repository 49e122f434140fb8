"""Placing and withdrawing: what a plugin wrote comes along, nothing of others is lost, and a crash at any step is finished later."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys

import pytest

from plugins_app import failpoints
from plugins_app.exceptions import DiskProblem
from plugins_app.installer import generations
from plugins_app.installer import place as place_module
from plugins_app.installer.collect import collect
from plugins_app.installer.generations import identify
from plugins_app.installer.place import Placed, place, withdraw
from tests.fakes.archives import make_tree
from tests.plugins_app.installer.conftest import content, store_generation

HOST = """
import pathlib, sys, time
from plugins_app.package.livelock import share_live_lock
fd = share_live_lock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_first_generation_becomes_live(paths, store):
    store("op1-1")
    assert place(paths, "sample", "op1-1", carry=False) == Placed()
    assert content(paths.live("sample")) == {"version.py": "V = '1.0.0'\n"}
    assert place(paths, "sample", "op1-1", carry=True) == Placed()


def test_an_update_takes_over_what_the_plugin_wrote(paths, store):
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    make_tree(paths.live("sample"), {"token.json": "{}", "data/day.txt": "1", ".deps/x.py": "", "__pycache__/y.pyc": ""})
    (paths.live("sample") / "link").symlink_to("/etc/hostname")
    store("op2-1", version="2.0.0")
    placed = place(paths, "sample", "op2-1", carry=True)
    assert content(paths.live("sample")) == {"version.py": "V = '2.0.0'\n", "token.json": "{}", "data/day.txt": "1"}
    assert placed == Placed(previous="op1-1", carried=3)
    assert identify(paths, "sample", paths.store("sample") / "op1-1") == "op1-1"


def test_a_requested_rollback_does_not_resurrect_what_was_deleted_since(paths, store):
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    make_tree(paths.live("sample"), {"old.txt": "old", "kept.txt": "1"})
    store("op2-1", version="2.0.0")
    place(paths, "sample", "op2-1", carry=True)
    (paths.live("sample") / "old.txt").unlink()
    make_tree(paths.live("sample"), {"kept.txt": "2"})
    place(paths, "sample", "op1-1", carry=True)
    assert content(paths.live("sample")) == {"version.py": "V = '1.0.0'\n", "kept.txt": "2"}


def test_an_automatic_rollback_brings_the_data_of_the_switch_back(paths, store):
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    make_tree(paths.live("sample"), {"kept.txt": "1"})
    store("op2-1", version="2.0.0")
    place(paths, "sample", "op2-1", carry=True)
    make_tree(paths.live("sample"), {"kept.txt": "broken"})
    place(paths, "sample", "op1-1", carry=False)
    assert content(paths.live("sample"))["kept.txt"] == "1"


def test_a_shipped_file_wins_and_the_plugins_own_goes_aside(paths, store):
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    make_tree(paths.live("sample"), {"names.json": "mine", "data": "a file"})
    store("op2-1", version="2.0.0", extra={"names.json": "shipped", "data/x": "shipped"})
    placed = place(paths, "sample", "op2-1", carry=True)
    assert content(paths.live("sample"))["names.json"] == "shipped"
    aside = paths.aside / "sample-clash-op2-1"
    assert placed.aside == (aside / "data", aside / "names.json")
    assert (aside / "names.json").read_text() == "mine"


def test_a_folder_that_is_not_ours_goes_aside_whole(paths, store):
    make_tree(paths.live("sample"), {"manifest.json": "{}", "work.py": "by hand"})
    store("op1-1")
    placed = place(paths, "sample", "op1-1", carry=True)
    assert [path.name for path in placed.aside] == ["sample-1"]
    assert (placed.aside[0] / "work.py").read_text() == "by hand"
    assert identify(paths, "sample", paths.live("sample")) == "op1-1"


def test_a_link_in_the_live_place_is_moved_not_followed(paths, store, tmp_path):
    elsewhere = make_tree(tmp_path / "elsewhere", {"precious": "yes"})
    paths.live("sample").symlink_to(elsewhere)
    store("op1-1")
    place(paths, "sample", "op1-1", carry=True)
    assert (elsewhere / "precious").read_text() == "yes"
    assert not paths.live("sample").is_symlink()


def test_a_written_file_is_never_copied_through_a_link_out_of_the_tree(paths, store, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    (paths.live("sample") / "data").symlink_to(outside)
    store("op2-1", version="2.0.0")
    place(paths, "sample", "op2-1", carry=True)
    make_tree(paths.live("sample"), {"data/x": "1"})
    place(paths, "sample", "op1-1", carry=True)
    assert list(outside.iterdir()) == []


def test_withdrawing_and_bringing_back_keeps_the_tree_as_it_was(paths, store):
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    make_tree(paths.live("sample"), {"kept.txt": "1"})
    assert withdraw(paths, "sample").generation == "op1-1"
    assert not paths.live("sample").exists()
    assert withdraw(paths, "sample").generation is None
    place(paths, "sample", "op1-1", carry=False)
    assert content(paths.live("sample")) == {"version.py": "V = '1.0.0'\n", "kept.txt": "1"}


def test_a_generation_without_files_is_a_disk_problem(paths):
    with pytest.raises(DiskProblem) as caught:
        place(paths, "sample", "op1-1", carry=False)
    assert caught.value.code == "generation-missing"


def test_a_full_disk_is_said_and_leaves_the_old_tree_live(paths, store, monkeypatch):
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    store("op2-1", version="2.0.0")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(place_module, "exchange", full)
    with pytest.raises(DiskProblem) as caught:
        place(paths, "sample", "op2-1", carry=True)
    assert caught.value.code == "disk-full"
    assert identify(paths, "sample", paths.live("sample")) == "op1-1"


def test_two_renames_do_where_exchange_is_missing(paths, store, monkeypatch):
    monkeypatch.setattr(place_module, "exchange", lambda *_: False)
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    store("op2-1", version="2.0.0")
    place(paths, "sample", "op2-1", carry=True)
    assert identify(paths, "sample", paths.live("sample")) == "op2-1"
    assert identify(paths, "sample", paths.store("sample") / "op1-1") == "op1-1"


@pytest.mark.process
def test_a_host_that_does_not_go_is_ended(paths, store):
    store("op1-1")
    lock = str(paths.live_lock("sample"))
    with subprocess.Popen([sys.executable, "-c", HOST, lock], stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None and host.stdout.readline() == "held\n"
        place(paths, "sample", "op1-1", carry=False, wait=0.1)
        assert host.wait(timeout=10) == -signal.SIGKILL


def crash(step, at: int) -> bool:
    """Run a step in a child that dies at its k-th failpoint; tell whether it died."""
    pid = os.fork()
    if pid == 0:
        try:
            failpoints.arm(kill_at=at)
            step()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


@pytest.mark.process
@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("has_exchange", [True, False])
def test_a_kill_at_any_step_of_an_update_is_finished_by_the_next_run(tmp_path, carry, has_exchange, monkeypatch):
    if not has_exchange:
        monkeypatch.setattr(place_module, "exchange", lambda *_: False)
    before = {"version.py": "V = '1.0.0'\n", "kept.txt": "1"}
    after = {"version.py": "V = '2.0.0'\n", **({"kept.txt": "1", "data/a": "2", "data/b": "3"} if carry else {})}
    for first in range(1, 40):
        for second in (1, 2, 3, 5, 8, 99):
            paths = generations.PluginPaths(tmp_path / f"{first}-{second}")
            paths.ensure()
            store_generation(paths, "op1-1")
            place(paths, "sample", "op1-1", carry=False)
            make_tree(paths.live("sample"), {"kept.txt": "1", "data/a": "2", "data/b": "3"})
            store_generation(paths, "op2-1", version="2.0.0")

            def update(paths=paths):
                place(paths, "sample", "op2-1", carry=carry)

            died = crash(update, first)
            if died:
                crash(update, second)
            update()
            assert content(paths.live("sample")) == after
            old = content(paths.store("sample") / "op1-1")
            assert {name: old.get(name) for name in before} == before
            assert sorted(path.name for path in paths.store("sample").iterdir()) == ["op1-1"]
            assert list(paths.aside.iterdir()) == []
        if not died:
            return
    pytest.fail("never ran to its end")


def test_a_kill_at_any_step_of_store_and_withdraw_is_finished_by_the_next_run(tmp_path):
    for at in range(1, 40):
        paths = generations.PluginPaths(tmp_path / f"{at}")
        paths.ensure()

        def run(paths=paths):
            if not (paths.store("sample") / "op1-1").exists() and not paths.live("sample").exists():
                store_generation(paths, "op1-1")
            place(paths, "sample", "op1-1", carry=False)
            withdraw(paths, "sample")

        died = crash(run, at)
        run()
        assert identify(paths, "sample", paths.store("sample") / "op1-1") == "op1-1"
        assert not paths.live("sample").exists()
        collect(paths, "sample", keep=set())
        assert not paths.store("sample").exists() and not paths.receipts("sample").exists()
        if not died:
            return
    pytest.fail("never ran to its end")


def test_place_waits_for_the_lock_of_a_host_and_leaves_it_free(paths, store):
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    with open(paths.live_lock("sample")) as file:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
