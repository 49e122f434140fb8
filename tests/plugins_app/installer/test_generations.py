"""Generations: known by receipt, whatever their folders are called, also after inodes changed."""

from __future__ import annotations

import shutil

import pytest

from plugins_app.exceptions import DiskProblem
from plugins_app.installer import generations
from plugins_app.installer.generations import adopt, damage, identify, new_name, settle, where
from plugins_app.installer.place import place
from plugins_app.installer.receipts import check_generation, forget_receipt, generations_of, read_receipt
from tests.fakes.archives import make_tree, plugin_files
from tests.plugins_app.installer.conftest import content


def copy_over(tree):
    """Replace a tree by a copy of itself, as a restored backup does: every inode is another."""
    shutil.copytree(tree, tree.with_name("copy"))
    keep = tree.with_name("keep-its-inode")
    tree.rename(keep)
    tree.with_name("copy").rename(tree)
    return keep


def test_names_are_new_every_time_and_allowed_in_paths():
    names = {new_name(7, 2) for _ in range(50)}
    assert len(names) == 50
    assert all(check_generation(name).startswith("op7-2-") for name in names)


@pytest.mark.parametrize("name", ["", "..", "a/b", "op1-1\n", ".hidden", "OP1", "x" * 81, "op1--1"])
def test_other_names_never_become_paths(name):
    with pytest.raises(ValueError):
        check_generation(name)


def test_a_receipt_says_what_was_stored(paths, store):
    receipt = store("op1-1", version="1.2.3")
    assert read_receipt(paths, "sample", "op1-1") == receipt
    assert sorted(receipt.files) == ["manager.py", "manifest.json", "version.py"]
    assert receipt.inode == (paths.store("sample") / "op1-1").stat().st_ino
    assert generations_of(paths, "sample") == ["op1-1"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"plugin_id": "other"}', "\0"])
def test_a_damaged_receipt_is_no_receipt(paths, store, text):
    store("op1-1")
    (paths.receipts("sample") / "op1-1.json").write_text(text)
    assert read_receipt(paths, "sample", "op1-1") is None
    assert damage(paths, "sample", "op1-1") == "Its receipt is missing."


def test_a_tree_is_known_by_its_inode_under_any_name(paths, store):
    store("op1-1")
    store("op2-1", version="2")
    (paths.store("sample") / "op1-1").rename(paths.plugin_dir / "elsewhere")
    make_tree(paths.plugin_dir / "elsewhere", {"manager.py": "edited", "manifest.json": "edited"})
    assert identify(paths, "sample", paths.plugin_dir / "elsewhere") == "op1-1"


def test_a_tree_is_known_by_its_files_when_its_inode_changed(paths, store):
    store("op1-1")
    store("op2-1", version="2")
    place(paths, "sample", "op1-1", carry=False)
    copy_over(paths.live("sample"))
    assert identify(paths, "sample", paths.live("sample")) == "op1-1"
    place(paths, "sample", "op1-1", carry=False)
    assert read_receipt(paths, "sample", "op1-1").inode == paths.live("sample").stat().st_ino


def test_the_same_files_twice_are_the_expected_generation(paths, store):
    for name in ("op1-1", "op9-1", "op10-1"):
        store(name)
    place(paths, "sample", "op10-1", carry=False)
    for tree in (paths.live("sample"), paths.store("sample") / "op9-1"):
        shutil.move(copy_over(tree), paths.plugin_dir.parent / f"old-{tree.name}")
    assert where(paths, "sample", "op10-1") == paths.live("sample")
    settle(paths, "sample")
    assert sorted(path.name for path in paths.store("sample").iterdir()) == ["op1-1", "op9-1"]


def test_a_folder_that_only_looks_alike_is_not_ours(paths, store):
    store("op1-1")
    assert identify(paths, "sample", make_tree(paths.live("sample"), {"manifest.json": "{}", "other.py": ""})) is None
    assert identify(paths, "sample", paths.plugin_dir / "nowhere") is None


def test_settling_undoes_a_crossed_pair(paths, store):
    store("op1-1")
    store("op2-1", version="2")
    folder = paths.store("sample")
    (folder / "op1-1").rename(folder / "spare")
    (folder / "op2-1").rename(folder / "op1-1")
    (folder / "spare").rename(folder / "op2-1")
    settle(paths, "sample")
    assert content(folder / "op1-1") == {"version.py": "V = '1.0.0'\n"}
    assert content(folder / "op2-1") == {"version.py": "V = '2'\n"}
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda tree: (tree / "version.py").unlink(), "version.py is missing."),
        (lambda tree: (tree / "manager.py").write_text(""), "manager.py is empty."),
        (lambda tree: shutil.rmtree(tree), "Its files are missing."),
        (lambda tree: (tree / "manager.py").write_text("# edited by hand"), None),
        (lambda tree: None, None),
    ],
)
def test_damage_is_said(paths, store, harm, sentence):
    store("op1-1")
    harm(paths.store("sample") / "op1-1")
    assert damage(paths, "sample", "op1-1") == sentence


def test_a_hand_made_folder_is_adopted_under_its_id(paths):
    make_tree(paths.plugin_dir / "ledmatrix-sample", plugin_files(extra={"notes.txt": "mine"}))
    receipt = adopt(paths, paths.plugin_dir / "ledmatrix-sample", plugin_id="sample", version="1")
    assert where(paths, "sample", receipt.generation) == paths.live("sample")
    assert (receipt.source, damage(paths, "sample", receipt.generation)) == ("local", None)


def test_a_folder_is_not_adopted_over_another(paths):
    make_tree(paths.plugin_dir / "sample", plugin_files())
    make_tree(paths.plugin_dir / "second", plugin_files())
    with pytest.raises(DiskProblem):
        adopt(paths, paths.plugin_dir / "second", plugin_id="sample", version="1")


def test_data_of_an_adopted_folder_comes_along_when_it_is_updated(paths, store):
    make_tree(paths.live("sample"), plugin_files(extra={"token.json": "{}", "old.py": "", "version.py": "V = 0"}))
    adopt(paths, paths.live("sample"), plugin_id="sample", version="0")
    store("op1-1")
    assert place(paths, "sample", "op1-1", carry=True).aside == ()
    assert content(paths.live("sample")) == {"version.py": "V = '1.0.0'\n", "token.json": "{}"}


def test_storing_twice_finishes_the_first_time(paths, store):
    receipt = store("op1-1")
    again = generations.store_tree(
        paths, paths.staging / "op1-1" / "tree", plugin_id="sample", generation="op1-1", version="1", operation=1, source="url", files={}
    )
    assert again == receipt
    forget_receipt(paths, "sample", "op1-1")
    with pytest.raises(DiskProblem):
        generations.store_tree(
            paths, paths.staging / "x", plugin_id="sample", generation="op1-1", version="1", operation=1, source="url", files={}
        )
