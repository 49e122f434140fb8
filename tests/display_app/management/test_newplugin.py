"""`manage.py newplugin`, and what it writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from plugins_app.config.defaults import defaults_of
from plugins_app.config.validation import validate
from plugins_app.package.manifest import read_manifest
from plugins_app.package.schema import normalise, read_schema

BASE_DIR = Path(__file__).parents[3]


def test_it_writes_a_whole_plugin(tmp_path):
    call_command("newplugin", "days-left", dir=tmp_path, author='Ann "A"')
    folder = tmp_path / "days-left"
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "config_schema.json",
        "manager.py",
        "manifest.json",
        "test_plugin.py",
    ]
    manifest = read_manifest(folder)
    assert manifest.author == 'Ann "A"'
    assert (manifest.name, manifest.class_name, manifest.display_modes) == ("Days left", "DaysLeft", ("days_left",))
    schema = normalise(read_schema(folder))
    assert validate(schema, defaults_of(schema)) == []


@pytest.mark.parametrize(("plugin_id", "class_name"), [("7up", "Plugin7up"), ("a.b_c", "ABC"), ("X", "X")])
def test_odd_ids_make_good_names(tmp_path, plugin_id, class_name):
    call_command("newplugin", plugin_id, dir=tmp_path)
    compile((tmp_path / plugin_id / "manager.py").read_text(), "manager.py", "exec")
    assert read_manifest(tmp_path / plugin_id).class_name == class_name


@pytest.mark.parametrize("plugin_id", ["../x", "display", "days-left"])
def test_bad_ids_and_folders_in_use_are_refused(tmp_path, plugin_id):
    (tmp_path / "days-left").mkdir()
    with pytest.raises(CommandError):
        call_command("newplugin", plugin_id, dir=tmp_path)
    assert list((tmp_path / "days-left").iterdir()) == []


@pytest.mark.process
def test_its_own_tests_pass_and_it_can_be_published(tmp_path):
    call_command("newplugin", "days-left", dir=tmp_path, author="somebody")
    command = [sys.executable, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", str(tmp_path / "days-left")]
    result = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=100, check=False, env=dict(os.environ))
    assert "5 passed" in result.stdout, result.stdout + result.stderr
    call_command("checkplugin", tmp_path / "days-left", strict=True)
