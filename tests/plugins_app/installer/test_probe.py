"""The probe on real sample plugins: what counts is the last step that was reached."""

from __future__ import annotations

import json

import pytest

from plugins_app.installer.bound import Ended
from plugins_app.installer.probe import ProbeResult, _judge, _note, probe
from plugins_app.package.manifest import read_manifest
from tests.fakes.archives import PLUGINS, make_tree, manifest


def result_of(tree, settings, tmp_path, **options) -> ProbeResult:
    root = tmp_path / "root"
    root.mkdir()
    return probe(tree, read_manifest(tree), settings, root=root, panel=(64, 32), **options)


@pytest.mark.process
def test_a_good_plugin_passes(tmp_path):
    assert result_of(PLUGINS / "hello", {"text": "HI"}, tmp_path) == ProbeResult(True, True, "")


@pytest.mark.process
def test_a_missing_module_is_not_importable(tmp_path):
    result = result_of(PLUGINS / "broken_import", {}, tmp_path)
    assert (result.importable, result.constructed) == (False, False)
    assert "a_module_that_nobody_has" in result.reason


@pytest.mark.process
def test_refused_settings_are_no_reason_not_to_install(tmp_path):
    result = result_of(PLUGINS / "needs_config", {"city": ""}, tmp_path)
    assert (result.importable, result.constructed, bool(result.reason)) == (True, True, True)


@pytest.mark.process
def test_a_constructor_that_hangs_is_ended(tmp_path):
    result = result_of(PLUGINS / "hanging", {"where": "construct"}, tmp_path, seconds=4)
    assert result == ProbeResult(True, False, "The plugin did not end within 4 s while being constructed.")


@pytest.mark.process
@pytest.mark.parametrize("code", ["import os; os._exit(3)", "while True: pass", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
def test_an_import_that_ends_or_hangs_is_not_importable(tmp_path, code):
    tree = make_tree(tmp_path / "tree", {"manifest.json": json.dumps(manifest()), "manager.py": code})
    result = result_of(tree, {}, tmp_path, seconds=4)
    assert (result.importable, result.constructed) == (False, False)
    assert result.reason.endswith("while being imported.")


@pytest.mark.process
def test_it_leaves_nothing_in_the_tree(tmp_path):
    tree = make_tree(tmp_path / "tree", {path.name: path.read_bytes() for path in (PLUGINS / "hello").iterdir() if path.is_file()})
    before = sorted(path.name for path in tree.rglob("*"))
    result_of(tree, {}, tmp_path)
    assert sorted(path.name for path in tree.rglob("*")) == before


def test_only_lines_that_report_a_step_count():
    steps: list[dict[str, object]] = []
    for line in ("hello", "[1]", '{"step": 1}', '{"step": "imported"}', "{", "[" * 100_000):
        _note(line, steps)
    assert steps == [{"step": "imported"}]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], (False, False)),
        (["imported"], (True, False)),
        (["imported", "constructed"], (True, True)),
        (["imported", "constructed", "validated"], (True, True)),
    ],
)
def test_a_process_that_dies_is_judged_by_its_last_step(steps, expected):
    result = _judge([{"step": step} for step in steps], Ended(137), 10)
    assert (result.importable, result.constructed) == expected
