"""The mirror's limits: sizes, rights, times, and what is neither file nor folder."""

from __future__ import annotations

import os

import pytest

from plugins_app.installer import mirror as module
from plugins_app.installer.mirror import measure_written
from plugins_app.installer.place import place
from tests.fakes.archives import make_tree
from tests.plugins_app.installer.conftest import content


@pytest.fixture
def live(paths, store):
    store("op1-1")
    place(paths, "sample", "op1-1", carry=False)
    store("op2-1", version="2")
    return paths.live("sample")


def test_only_written_plain_files_are_measured(paths, live):
    make_tree(live, {"a": "12345", "b/c": "123", ".deps/x": "1", "__pycache__/x.pyc": "1", ".git/config": "1", "manager.py": "edited"})
    (live / "link").symlink_to("manager.py")
    os.mkfifo(live / "pipe")
    assert measure_written(paths, "sample", "op1-1") == 8
    assert measure_written(paths, "sample", "op2-1") == 0
    assert measure_written(paths, "sample", "op3-1") == 0


def test_what_is_too_much_is_left_behind_and_said(paths, live, monkeypatch):
    monkeypatch.setattr(module, "CARRY_LIMIT", 10)
    make_tree(live, {"a": "1" * 8, "b": "1" * 8, "c": "12"})
    placed = place(paths, "sample", "op2-1", carry=True)
    assert (placed.carried, placed.left_behind) == (10, ("b",))
    assert (paths.store("sample") / "op1-1" / "b").exists()


def test_times_and_rights_stay(paths, live):
    make_tree(live, {"a": "1"})
    os.chmod(live / "a", 0o4640)
    os.utime(live / "a", (1000, 2000))
    place(paths, "sample", "op2-1", carry=True)
    facts = (live / "a").stat()
    assert (facts.st_mtime, facts.st_mode & 0o7777) == (2000, 0o640)


def test_pipes_do_not_stop_it_and_are_not_carried(paths, live):
    os.mkfifo(live / "pipe")
    make_tree(live, {"a": "1"})
    place(paths, "sample", "op2-1", carry=True)
    assert content(live) == {"version.py": "V = '2'\n", "a": "1"}


def test_copies_that_were_cut_short_are_not_taken_for_data(paths, live):
    make_tree(live, {".ledsite-copy-12ab": "half"})
    place(paths, "sample", "op2-1", carry=True)
    assert content(live) == {"version.py": "V = '2'\n"}
