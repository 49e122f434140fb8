"""docs/plugin-api.md says what the runtime does: every public name is in it, and its examples run."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from display_app.authoring.answer_file import parse_example
from display_app.fonts.provision import provision_fonts
from display_app.runtime.base_plugin import BasePlugin
from display_app.runtime.cache import CacheManager
from display_app.runtime.canvas import DisplayManager
from display_app.runtime.config import ConfigManager
from display_app.runtime.session import HostSpec, PluginSession
from plugins_app.config.validation import validate
from plugins_app.package.manifest import parse_manifest

PAGE = (Path(__file__).parent.parent / "docs" / "plugin-api.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
MANIFEST, SCHEMA, EXAMPLE = (json.loads(text) for language, text in BLOCKS if language == "json")


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


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[list[Image.Image]]:
    provision_fonts(tmp_path / "root" / "assets" / "fonts")
    before, path, folder = set(sys.modules), list(sys.path), Path.cwd()
    yield []
    import os

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
    session = run(tmp_path, PYTHON[1], "Ticker", panel, {"enabled": True})
    assert session.wants_high_rate() is True
    plugin = session._plugin
    session.display("days_left", force_clear=True)
    plugin.scroll_helper.scroll_position = 60.0
    session.display("days_left")
    assert panel[0].getbbox() is None
    assert panel[1].getbbox() is not None
    session.close()
