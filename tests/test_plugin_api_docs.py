"""docs/plugin-api.md says what the runtime does: every public name is in it, and its examples run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image

from display_app.authoring.answer_file import parse_example
from display_app.authoring.entry import registry_entry
from display_app.fonts.provision import provision_fonts
from display_app.runtime.base_plugin import BasePlugin
from display_app.runtime.cache import CacheManager
from display_app.runtime.canvas import DisplayManager
from display_app.runtime.config import ConfigManager
from display_app.runtime.session import HostSpec, PluginSession
from plugins_app.config.validation import validate
from plugins_app.package.manifest import parse_manifest
from plugins_app.store.registry_file import parse_registry

PAGE = (Path(__file__).parent.parent / "docs" / "plugin-api.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
MANIFEST, SCHEMA, ENTRY, EXAMPLE = (json.loads(text) for language, text in BLOCKS if language == "json")


def public_names(kind: type) -> list[str]:
    return [name for name in vars(kind) if not name.startswith("_") and name != "API_VERSION"]


@pytest.mark.parametrize("kind", [BasePlugin, DisplayManager, CacheManager, ConfigManager], ids=lambda kind: kind.__name__)
def test_every_public_name_is_documented(kind: type) -> None:
    missing = [name for name in public_names(kind) if not re.search(rf"`[^`]*\b{name}\b[^`]*`", PAGE)]
    assert [name for name in missing if name != "replace_section"] == []


def test_every_hook_in_the_table_is_a_method_of_the_base_class() -> None:
    table = PAGE.split("| may be overridden | default |")[1].split("\n\n")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    named = {name for cell in first_cells for name in re.findall(r"`(\w+)[`(]", cell)}
    assert named == set(public_names(BasePlugin)) - {"update", "display"}


def test_the_recorded_answers_can_be_read() -> None:
    example = parse_example(EXAMPLE)
    assert example.config == {"city": "Bonn", "api_key": "***"}
    assert len(example.answers) == 4


def test_the_entry_is_the_one_that_the_check_prints() -> None:
    printed = registry_entry(parse_manifest(MANIFEST), "https://github.com/ann/ledmatrix-days-left.git", today=date(2030, 1, 1))
    assert printed == ENTRY
    file = parse_registry(json.dumps({"version": "1.0.0", "last_updated": "2030-01-01", "plugins": [printed]}).encode())
    assert [entry.registry_id for entry in file.entries] == ["days-left"]


@pytest.mark.process
def test_the_walk_leads_to_a_plugin_that_passes_its_tests_and_can_be_published(tmp_path: Path) -> None:
    call_command("newplugin", "days-left", dir=tmp_path, author="Ann Example")
    folder = tmp_path / "days-left"
    assert json.loads((folder / "manifest.json").read_text()) == MANIFEST
    (folder / "manager.py").write_text(PYTHON[0])
    (folder / "config_schema.json").write_text(json.dumps(SCHEMA))
    (folder / "test_plugin.py").write_text(PYTHON[1])
    command = [sys.executable, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", str(folder)]
    result = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, timeout=100, check=False)
    assert "2 passed" in result.stdout, result.stdout + result.stderr
    call_command("checkplugin", folder, strict=True, size=[(64, 32), (128, 32)])


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[list[Image.Image]]:
    provision_fonts(tmp_path / "root" / "assets" / "fonts")
    before, path, folder = set(sys.modules), list(sys.path), Path.cwd()
    yield []
    os.chdir(folder)
    sys.path[:] = path
    for name in set(sys.modules) - before:
        if name.startswith("plugin_"):
            del sys.modules[name]


def run(tmp_path: Path, source: str, class_name: str, panel: list[Image.Image], config: dict[str, object]) -> PluginSession:
    folder = tmp_path / "root" / "plugin-repos" / "example"
    folder.mkdir(parents=True)
    (folder / "manager.py").write_text(source)
    spec = HostSpec(
        plugin_id="example",
        folder=folder,
        root=tmp_path / "root",
        entry_point="manager.py",
        class_name=class_name,
        manifest=MANIFEST,
        config=config,
        width=64,
        height=32,
        cache_dir=tmp_path / "cache",
    )
    session = PluginSession(spec, publish=panel.append)
    session.load()
    session.update()
    return session


def test_the_first_example_draws(tmp_path: Path, panel: list[Image.Image]) -> None:
    manifest = parse_manifest(MANIFEST)
    settings = {"date": "2031-05-01"}
    assert validate(SCHEMA, settings) == []
    session = run(tmp_path, PYTHON[0], manifest.class_name, panel, {"enabled": True, **settings})
    assert session.display(session.modes[0], force_clear=True) is True
    assert panel[-1].getbbox() is not None
    session.close()


def test_the_scroll_scrolls(tmp_path: Path, panel: list[Image.Image]) -> None:
    session = run(tmp_path, PYTHON[2], "Ticker", panel, {"enabled": True})
    assert session.wants_high_rate() is True
    plugin = session._plugin
    session.display("days_left", force_clear=True)
    plugin.scroll_helper.scroll_position = 60.0
    session.display("days_left")
    assert panel[0].getbbox() is None
    assert panel[1].getbbox() is not None
    session.close()
