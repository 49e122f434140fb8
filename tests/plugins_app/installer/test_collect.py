"""Garbage: only what is named goes, and what cannot be deleted is reported, not raised."""

from __future__ import annotations

import os

import pytest

from plugins_app.installer import collect as module
from plugins_app.installer.collect import collect, drop_staging, empty_trash
from plugins_app.installer.place import place
from plugins_app.installer.receipts import generations_of
from tests.fakes.archives import make_tree


def test_what_is_kept_and_what_is_live_stays(paths, store):
    for number in (1, 2, 3):
        store(f"op{number}-1", version=str(number))
    place(paths, "sample", "op1-1", carry=False)
    make_tree(paths.store("sample") / "op9-9", {"half": "removed"})
    assert collect(paths, "sample", keep={"op2-1"}) == []
    assert [path.name for path in paths.store("sample").iterdir()] == ["op2-1"]
    assert generations_of(paths, "sample") == ["op1-1", "op2-1"]
    assert list(paths.trash.iterdir()) == []


def test_links_are_removed_not_followed(paths, store, tmp_path):
    store("op1-1")
    precious = make_tree(tmp_path / "precious", {"file": "x"})
    (paths.store("sample") / "op1-1" / "link").symlink_to(precious)
    collect(paths, "sample", keep=set())
    assert (precious / "file").exists()
    assert not paths.store("sample").exists()


def test_folders_without_rights_are_deleted_all_the_same(paths, store):
    store("op1-1", extra={"deep/er/file": ""})
    (paths.store("sample") / "op1-1" / "deep" / "er").chmod(0)
    (paths.store("sample") / "op1-1" / "deep").chmod(0o500)
    assert collect(paths, "sample", keep=set()) == []


def test_what_cannot_be_deleted_is_reported(paths, store, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module.shutil, "rmtree", lambda path, ignore_errors=False: None if ignore_errors else refuse())
    store("op1-1")
    left = collect(paths, "sample", keep=set())
    assert len(left) == 1 and left[0].parent == paths.trash
    assert not paths.store("sample").exists()


def test_foreign_staging_goes(paths):
    for name in ("op1-1", "op2-1"):
        make_tree(paths.staged(int(name[2]), 1), {"archive.zip": ""})
    assert drop_staging(paths, keep={"op2-1"}) == []
    assert [path.name for path in paths.staging.iterdir()] == ["op2-1"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make special files")
def test_special_files_are_trash_like_others(paths):
    os.mkfifo(paths.trash / "pipe")
    assert empty_trash(paths) == []
