"""`manage.py checkplugin`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from display_app.management.answers import example

BASE_DIR = Path(__file__).parents[3]
SAMPLES = BASE_DIR / "tests" / "plugins"

GONE = "http://127.0.0.1:1/x"
ASKING = f"""
import requests
from src.plugin_system.base_plugin import BasePlugin

class HelloPlugin(BasePlugin):
    def update(self):
        try:
            requests.get("{GONE}", timeout=5)
        except requests.RequestException as error:
            self.said = "refused (recorded)" in str(error)

    def display(self, force_clear=False):
        self.display_manager.clear()
        if self.said or self.config.get("text") == "X":
            self.display_manager.draw.point((9, 9), fill=(255, 0, 0))
        self.display_manager.update_display()
"""


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One size is enough where the size is not the question."""
    monkeypatch.setattr("display_app.management.commands.checkplugin.SIZES", ((64, 32),))


@pytest.mark.process
@pytest.mark.parametrize("name", ["ledsite-clock", "ledsite-message", "ledsite-system"])
def test_our_own_plugins_can_be_published(name, capsys):
    call_command("checkplugin", BASE_DIR / "display_app" / "bundled" / name, strict=True)
    said = capsys.readouterr().out
    assert "64x32      128x32     192x48     128x64     256x64" in said
    assert said.endswith("It can be published.\n")


@pytest.mark.process
def test_an_import_that_fails_is_told_once(capsys):
    with pytest.raises(CommandError, match="1 error"):
        call_command("checkplugin", SAMPLES / "broken_import")
    said = capsys.readouterr().out
    assert said.count("It fails at the import") == 1


@pytest.mark.process
def test_a_plugin_that_waits_for_settings_can_be_published_and_checked_with_them(capsys, monkeypatch):
    small(monkeypatch)
    call_command("checkplugin", SAMPLES / "needs_config")
    assert "It waits for settings" in capsys.readouterr().out


@pytest.mark.process
def test_pictures_and_strictness(tmp_path, capsys, monkeypatch):
    small(monkeypatch)
    call_command("checkplugin", SAMPLES / "hello", pictures=tmp_path / "pictures")
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["hello-hello-64x32.png"]
    with pytest.raises(CommandError):
        call_command("checkplugin", SAMPLES / "hello", strict=True, config={"text": "FAR TOO LONG A TEXT"})
    assert 'Text is cut off at the edge: "FAR TOO LONG A TEXT"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (None, "manifest.json"),
        ("{", "manifest.json"),
        ({"id": "../x", "class_name": "X"}, "cannot be an id"),
        ({"id": "x", "class_name": "X"}, "has no manager.py"),
    ],
)
def test_a_manifest_that_cannot_be_used_ends_the_check(tmp_path, capsys, manifest, words):
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
    with pytest.raises(CommandError, match="cannot be published as it is"):
        call_command("checkplugin", tmp_path)
    assert words in capsys.readouterr().out


@pytest.mark.process
def test_programs_get_json(capsys, monkeypatch):
    small(monkeypatch)
    call_command("checkplugin", SAMPLES / "hello", json=True)
    body = json.loads(capsys.readouterr().out)
    assert (body["can_be_published"], body["sizes"][0]["modes"]) == (True, {"hello": "ok"})


@pytest.mark.process
def test_what_the_web_says_is_recorded_once_and_checked_with(tmp_path, capsys, monkeypatch):
    small(monkeypatch)
    folder = shutil.copytree(SAMPLES / "hello", tmp_path / "hello")
    (folder / "manager.py").write_text(ASKING)
    with pytest.raises(CommandError, match="1 warning"):
        call_command("checkplugin", folder, strict=True)
    assert f"The web was refused: {GONE}" in " ".join(capsys.readouterr().out.split())
    call_command("checkplugin", folder, record=tmp_path / "answers.json", strict=True)
    recorded = json.loads((tmp_path / "answers.json").read_text())
    assert recorded["answers"] == {"http://127.0.0.1:1/*": {"error": "refused"}}
    call_command("checkplugin", folder, answers=example(str(tmp_path / "answers.json")), strict=True)
    out = tmp_path / "out.png"
    call_command("renderplugin", str(folder), out=out, size=(64, 32), record=tmp_path / "again.json", config={"text": "X"})
    assert json.loads((tmp_path / "again.json").read_text())["config"] == {"text": "X"}
    call_command("renderplugin", str(folder), "--out", str(out), "--size", "64x32", "--answers", str(tmp_path / "again.json"))


def test_what_is_odd_in_the_files_is_said(tmp_path):
    from display_app.authoring.check import check_files

    (tmp_path / "manager.py").write_text("class X: pass")
    (tmp_path / "manifest.json").write_text(json.dumps({"id": "odd", "class_name": "X", "min_ledmatrix_version": "99.0.0"}))
    (tmp_path / "requirements.txt").write_text("Pillow>=9\nno-such-thing[x]>=1  # why\n-r other.txt\nneither; python_version < '3'\n")
    schema = {"properties": {"api_key": {"type": "string"}, "n": {"type": "integer", "default": "no"}}}
    (tmp_path / "config_schema.json").write_text(json.dumps(schema))
    manifest, findings = check_files(tmp_path)
    assert manifest is not None
    said = " ".join(f"{one.text} {one.why}" for one in findings)
    for words in (
        "does not say name, version, author, description",
        "no display_modes",
        "99.0.0",
        "installed as odd",
        "api_key",
        "/n",
        "not here: no-such-thing.",
    ):
        assert words in said
