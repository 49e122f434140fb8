"""Whether a working copy was changed: every answer is held against git itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins_app.package import git_changes
from plugins_app.package.git import describe_git
from plugins_app.package.git_changes import is_changed, watch_mark
from tests.fakes.archives import make_tree

FILES = {"manifest.json": "{}", "manager.py": "print(1)\n", "assets/a/one.txt": "1", "assets/b.txt": "2", "assets.txt": "3", "run.sh": "#!"}
AUTHOR = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}


def git(folder: Path, *words: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", **AUTHOR}
    done = subprocess.run(["git", "-C", str(folder), *words], env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = make_tree(tmp_path / "copy", FILES)
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("manager.py")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    return folder


def changed(folder: Path) -> bool | None:
    return is_changed(folder, git(folder, "rev-parse", "HEAD"))


def in_the_eyes_of_git(folder: Path) -> bool:
    return bool(git(folder, "status", "--porcelain", "--untracked-files=no"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda folder: None,
    "content": lambda folder: (folder / "manager.py").write_text("print(2)\n"),
    "content of the same length and time": lambda folder: rewrite_unseen(folder / "manager.py"),
    "touched": lambda folder: (folder / "manager.py").touch(),
    "deleted": lambda folder: (folder / "assets/a/one.txt").unlink(),
    "executable": lambda folder: (folder / "manager.py").chmod(0o755),
    "another link": lambda folder: [(folder / "link").unlink(), (folder / "link").symlink_to("run.sh")],
    "a folder in its place": lambda folder: [(folder / "manager.py").unlink(), (folder / "manager.py").mkdir()],
    "written by the plugin": lambda folder: make_tree(folder, {"cache/data.json": "{}", "__pycache__/x.pyc": ""}),
    "staged": lambda folder: [(folder / "manager.py").write_text("print(2)\n"), git(folder, "add", ".")],
    "staged and taken back": lambda folder: [
        (folder / "new").write_text("x"),
        git(folder, "add", "new"),
        git(folder, "reset", "-q"),
    ],
    "a new file staged": lambda folder: [(folder / "new.txt").write_text("x"), git(folder, "add", "new.txt")],
    "promised": lambda folder: [(folder / "new.txt").write_text("x"), git(folder, "add", "-N", "new.txt")],
    "committed": lambda folder: [(folder / "manager.py").write_text("2"), git(folder, "commit", "-qam", "two")],
    "packed": lambda folder: git(folder, "gc", "-q"),
    "packed and staged": lambda folder: [(folder / "b").write_text("x"), git(folder, "add", "b"), git(folder, "gc", "-q")],
    "version 4": lambda folder: git(folder, "update-index", "--index-version", "4"),
    "version 4, changed": lambda folder: [git(folder, "update-index", "--index-version", "4"), (folder / "assets/b.txt").write_text("9")],
    "not looked at": lambda folder: [git(folder, "update-index", "--assume-unchanged", "run.sh"), (folder / "run.sh").write_text("9")],
}


def rewrite_unseen(path: Path) -> None:
    before = path.stat()
    path.write_text("print(9)\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    later = before.st_mtime_ns - 1
    os.utime(path.parent / ".git" / "index", ns=(later, later))  # the index was written in the same moment


@pytest.mark.parametrize("change", CHANGES)
def test_it_says_what_git_says(copy: Path, change: str) -> None:
    CHANGES[change](copy)
    assert changed(copy) is in_the_eyes_of_git(copy)


def test_a_merge_that_waits_is_a_change(copy: Path) -> None:
    git(copy, "checkout", "-qb", "other")
    (copy / "manager.py").write_text("other")
    git(copy, "commit", "-qam", "other")
    git(copy, "checkout", "-q", "main")
    (copy / "manager.py").write_text("main")
    git(copy, "commit", "-qam", "main")
    with pytest.raises(subprocess.CalledProcessError):
        git(copy, "merge", "-q", "other")
    assert changed(copy) is True


def test_a_clone_is_clean_and_a_repository_without_a_commit_is_not(copy: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(copy), str(tmp_path / "clone"))
    assert describe_git(tmp_path / "clone")["dirty"] is False  # type: ignore[index]
    empty = make_tree(tmp_path / "empty", {"a": "1"})
    git(empty, "init", "-q")
    git(empty, "add", ".")
    assert is_changed(empty, "") is True


def test_a_file_system_without_the_bit_for_programs(copy: Path) -> None:
    (copy / "manager.py").chmod(0o755)
    git(copy, "config", "core.fileMode", "false")
    assert describe_git(copy)["dirty"] is False  # type: ignore[index]


@pytest.mark.parametrize(
    "body", [b"", b"DIRC", b"DIRC\0\0\0\2\0\0\0\7", b"DIRC\0\0\0\2\xff\xff\xff\xff", b"DIRC\0\0\0\4\0\0\0\1" + b"\xff" * 200]
)
def test_an_index_that_cannot_be_read_is_no_answer(copy: Path, body: bytes) -> None:
    (copy / ".git" / "index").write_bytes(body)
    assert is_changed(copy, "a" * 40) is None
    assert watch_mark(copy) is None


def test_a_pipe_in_the_place_of_a_pack_keeps_nobody_waiting(copy: Path) -> None:
    commit = git(copy, "rev-parse", "HEAD")
    shutil.rmtree(copy / ".git" / "objects" / commit[:2])
    os.mkfifo(copy / ".git" / "objects" / "pack" / "pack-a.idx")
    reader = threading.Thread(target=is_changed, args=(copy, commit), daemon=True)
    reader.start()
    reader.join(timeout=10)
    assert not reader.is_alive()


def test_no_more_is_read_than_a_plugin_has(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_changes, "MAX_HASHED", 20)
    for name in ("manager.py", "assets/b.txt"):
        (copy / name).touch()
    assert changed(copy) is False
    (copy / "run.sh").write_bytes(b"\0" * 30)
    assert changed(copy) is None


def test_empty_folders_keep_nobody_walking(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_changes, "MAX_FILES", 20)
    for number in range(20):
        (copy / "cache" / str(number)).mkdir(parents=True)
    assert (changed(copy), watch_mark(copy)) == (None, None)


def test_the_mark_moves_with_tracked_files_and_not_with_what_a_plugin_writes(copy: Path) -> None:
    before = watch_mark(copy)
    make_tree(copy, {"cache/data.json": "{}"})
    assert watch_mark(copy) == before
    (copy / "manager.py").write_text("print(22)\n")
    assert watch_mark(copy) != before
