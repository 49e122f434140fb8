"""Power cuts: what a rename makes visible was flushed before it, and so is the rename itself before the next step."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from plugins_app.installer import files, generations, mirror
from plugins_app.installer import place as place_module
from plugins_app.installer.place import place
from plugins_app.installer.unpack import unpack
from tests.fakes.archives import make_tree, plugin_files, plugin_zip
from tests.plugins_app.installer.conftest import store_generation


class Medium:
    """Remembers what was flushed, by inode and the time of its last change."""

    def __init__(self, monkeypatch) -> None:
        self.flushed: set[tuple[int, int, int]] = set()
        real = os.fsync

        def fsync(fd: int) -> None:
            real(fd)
            self.flushed.add(self.key(os.fstat(fd)))

        monkeypatch.setattr(os, "fsync", fsync)

    @staticmethod
    def key(facts: os.stat_result) -> tuple[int, int, int]:
        return (facts.st_ino, facts.st_mtime_ns, facts.st_size if stat.S_ISREG(facts.st_mode) else 0)

    def lacks(self, *paths: Path) -> list[Path]:
        """List what would be lost now: files and folders below `paths` that changed after their last flush."""
        every = [path for top in paths for path in (top, *(top.rglob("*") if top.is_dir() else ()))]
        return [path for path in every if self.key(path.stat()) not in self.flushed]


@pytest.fixture
def medium(monkeypatch):
    return Medium(monkeypatch)


@pytest.fixture
def at(monkeypatch):
    """Call a check whenever a failpoint of a name is passed."""
    checks: dict[str, list] = {}
    seen: list[str] = []

    def passed(name: str) -> None:
        seen.append(name)
        for check in checks.get(name, []):
            check()

    for module in (generations, mirror, place_module):
        monkeypatch.setattr(module, "failpoint", passed)

    def register(name: str, check) -> None:
        checks.setdefault(name, []).append(check)

    register.seen = seen
    return register


def test_an_unpacked_tree_is_on_the_medium(medium, tmp_path):
    (tmp_path / "a.zip").write_bytes(plugin_zip(plugin_files(extra={"deep/er/file": "x"})))
    unpack(tmp_path / "a.zip", tmp_path / "tree")
    assert medium.lacks(tmp_path / "tree") == []


def test_a_tree_and_its_receipt_are_on_the_medium_before_it_is_stored(medium, at, paths):
    tree = paths.staging / "op1-1" / "tree"
    at("receipt-written", lambda: check(medium.lacks(tree, paths.receipts("sample"))))
    at("tree-stored", lambda: check(medium.lacks(paths.store("sample"))))
    store_generation(paths, "op1-1", extra={".deps/lib/x.py": "x", "empty": ""})
    assert at.seen == ["tree-flushed", "receipt-written", "tree-stored"]


@pytest.mark.parametrize("has_exchange", [True, False])
def test_what_is_carried_and_every_rename_are_on_the_medium(medium, at, paths, monkeypatch, has_exchange):
    if not has_exchange:
        monkeypatch.setattr(place_module, "exchange", lambda *_: False)
    store_generation(paths, "op1-1")
    place(paths, "sample", "op1-1", carry=False)
    make_tree(paths.live("sample"), {"data/deep/a": "1", "b": "2"})
    store_generation(paths, "op2-1", version="2")
    new, store = paths.store("sample") / "op2-1", paths.store("sample")
    at("mirrored", lambda: check(medium.lacks(new)))
    for name in ("exchanged", "old-stored", "placed"):
        at(name, lambda: check([path for path in medium.lacks(store, paths.plugin_dir) if path in (store, paths.plugin_dir)]))
    place(paths, "sample", "op2-1", carry=True)
    assert {"mirrored", "placed"} <= set(at.seen)


def check(lost: list[Path]) -> None:
    assert lost == []


def test_a_file_is_written_whole_or_not_at_all(medium, tmp_path):
    target = tmp_path / "folder" / "receipt.json"
    files.write_durably(target, b"one")
    files.write_durably(target, b"two")
    assert (target.read_bytes(), medium.lacks(target.parent)) == (b"two", [])
    assert [path.name for path in target.parent.iterdir()] == ["receipt.json"]
