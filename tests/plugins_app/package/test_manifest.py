"""Manifests: lenient about what is missing, strict about what we would act on, and never anything but a PackageError."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins_app.exceptions import PackageError
from plugins_app.package.manifest import MAX_BYTES, parse_manifest, read_manifest
from tests.fakes.archives import make_tree, manifest


def folder(tmp_path, data: object, *, source: str = "class Plugin: pass\n") -> Path:
    text = data if isinstance(data, str | bytes) else json.dumps(data)
    return make_tree(tmp_path / "plugin", {"manifest.json": text, "manager.py": source})


def refusal(tmp_path, data: object, **options) -> PackageError:
    with pytest.raises(PackageError) as caught:
        read_manifest(folder(tmp_path, data, **options))
    assert caught.value.hint
    return caught.value


def test_what_is_missing_gets_its_default(tmp_path):
    found = read_manifest(folder(tmp_path, {"id": "tiny", "class_name": "Plugin"}))
    assert (found.id, found.name, found.version, found.entry_point, found.class_name) == ("tiny", "tiny", "0", "manager.py", "Plugin")
    assert (found.display_modes, found.tags, found.update_interval) == (("tiny",), (), None)
    assert found.raw == {"id": "tiny", "class_name": "Plugin"}


def test_values_are_taken_as_given(tmp_path):
    data = manifest("full", tags=["a", "b", "a", 3], update_interval=60, display_modes=["x", "y"], entry_point="sub/code.py")
    tree = make_tree(folder(tmp_path, data), {"sub/code.py": ""})
    found = read_manifest(tree)
    assert (found.tags, found.update_interval, found.display_modes, found.entry_point) == (("a", "b"), 60.0, ("x", "y"), "sub/code.py")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("class Helper: pass\nclass Mine(BasePlugin): pass\n", "Mine"),
        ("class Helper: pass\nclass Mine(base_plugin.BasePlugin, object): pass\n", "Mine"),
        ("class First: pass\nclass Second: pass\n", "First"),
        ("import os; os._exit(1)\nclass Mine: pass\n", "Mine"),
    ],
)
def test_a_missing_class_is_found_without_running_the_module(tmp_path, source, name):
    assert read_manifest(folder(tmp_path, {"id": "a"}, source=source)).class_name == name


@pytest.mark.parametrize("source", ["", "x = 1", "class (", "\0", "(" * 500])
def test_a_class_that_cannot_be_found_is_said(tmp_path, source):
    assert refusal(tmp_path, {"id": "a"}, source=source).code == "manifest-invalid"


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "[]",
        '"text"',
        "null",
        "{}",
        "[" * 100_000,
        '{"id": "a", "n": NaN}',
        '{"id": "a", "n": 1e999}',
        b"\xff\xfe{}",
        {"id": ""},
        {"id": 5},
        {"id": "../evil"},
        {"id": "a/b"},
        {"id": "schedule"},
        {"id": "x" * 64},
        {"id": "a", "class_name": "os.system"},
        {"id": "a", "class_name": ["X"]},
        {"id": "a", "entry_point": "../manager.py"},
        {"id": "a", "entry_point": "/etc/manager.py"},
        {"id": "a", "entry_point": "a\\b.py"},
        {"id": "a", "entry_point": "manager.sh"},
        {"id": "a", "entry_point": 7},
        " " * MAX_BYTES + "{}",
    ],
    ids=lambda data: repr(data)[:40],
)
def test_what_cannot_be_used_is_refused_in_words(tmp_path, data):
    assert refusal(tmp_path, data).code == "manifest-invalid"


def test_an_entry_point_may_not_leave_through_a_link(tmp_path):
    (tmp_path / "outside.py").write_text("class X: pass")
    tree = folder(tmp_path, {"id": "a", "entry_point": "link.py"})
    (tree / "link.py").symlink_to(tmp_path / "outside.py")
    with pytest.raises(PackageError) as caught:
        read_manifest(tree)
    assert caught.value.code == "manifest-invalid"


def test_missing_files_have_codes_of_their_own(tmp_path):
    with pytest.raises(PackageError) as caught:
        read_manifest(tmp_path)
    assert caught.value.code == "manifest-missing"
    assert refusal(tmp_path, manifest(entry_point="other.py")).code == "entry-point-missing"


def test_texts_can_be_stored_and_shown(tmp_path):
    found = read_manifest(
        folder(tmp_path, '\ufeff{"id": "a", "class_name": "P", "name": "A\\u0000B\\ud800\\n", "author": {"x": 1}, "version": 3}')
    )
    assert (found.name, found.author, found.version) == ("A B?", "", "3")
    found.name.encode()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["id", "name", "version", "tags", "entry_point", "class_name", "display_modes", "update_interval"]


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING | st.just("ok")))
def test_anything_parses_or_is_refused(data):
    try:
        found = parse_manifest(data)
    except PackageError:
        return
    assert found.display_modes and found.name


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_only_a_plain_file_is_read(tmp_path, kind):
    make_tree(tmp_path, {"secret.json": '{"id": "a", "class_name": "P"}', "plugin/manager.py": ""})
    path = tmp_path / "plugin" / "manifest.json"
    {"link": lambda: path.symlink_to(tmp_path / "secret.json"), "pipe": lambda: os.mkfifo(path), "folder": path.mkdir}[kind]()
    with pytest.raises(PackageError) as caught:
        read_manifest(tmp_path / "plugin")
    assert caught.value.code == "manifest-invalid"
