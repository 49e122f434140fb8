"""Copies of folders that somebody else may write into."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from display_app.authoring.copying import copy_named, copy_tree


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "data.json").write_text("{}")
    (folder / "run").write_text("#!")
    (folder / "run").chmod(0o500)
    os.utime(folder / "run", (10, 20))
    (tmp_path / "secret").write_text("key")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "out").symlink_to(tmp_path, target_is_directory=True)
    for name in (".git", "__pycache__"):
        (folder / name).mkdir()
        (folder / name / "x").touch()
    (folder / "old.pyc").touch()
    os.mkfifo(folder / "pipe")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_files_come_along_and_links_stay_links(source, tmp_path):
    copy_tree(source, tmp_path / "copy", most_bytes=1000)
    assert names(tmp_path / "copy") == ["deep", "deep/er", "deep/er/data.json", "link", "out", "run"]
    assert (tmp_path / "copy" / "link").is_symlink()
    assert (tmp_path / "copy" / "out").is_symlink()
    about = (tmp_path / "copy" / "run").stat()
    assert (about.st_mtime, about.st_mode & 0o777) == (20, 0o700)


def test_without_links_nothing_leads_out(source, tmp_path):
    copy_tree(source, tmp_path / "copy", most_bytes=1000, links=False)
    assert names(tmp_path / "copy") == ["deep", "deep/er", "deep/er/data.json", "run"]


def test_too_much_is_refused(source, tmp_path):
    with pytest.raises(OSError, match="too large"):
        copy_tree(source, tmp_path / "copy", most_bytes=3)


def test_single_files_come_along_when_they_lie_where_they_should(tmp_path):
    root, copy = tmp_path / "root", tmp_path / "copy"
    uploads = root / "assets" / "plugins" / "a" / "uploads"
    uploads.mkdir(parents=True)
    (uploads / "1.png").write_text("one")
    (uploads / "link.png").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_text("key")
    (uploads.parent / "out").symlink_to(tmp_path, target_is_directory=True)
    names = ["1.png", "1.png", "link.png", "gone.png", "../../../../../secret", "../out/secret", "\0"]
    copy_named([f"assets/plugins/a/uploads/{name}" for name in names], root, copy, below="assets/plugins/", most_bytes=100)
    assert [(path.name, path.read_text()) for path in copy.rglob("*") if path.is_file()] == [("1.png", "one")]
