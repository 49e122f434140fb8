"""Plugins written as text, loaded by a real session; the test process is put back as it was afterwards."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from display_app.fonts.provision import provision_fonts
from display_app.runtime.session import HostSpec, PluginSession

HEADER = "from src.plugin_system.base_plugin import BasePlugin, VegasDisplayMode\n"


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like `<root>/assets`, with fonts."""
    folder = tmp_path_factory.mktemp("assets")
    provision_fonts(folder / "fonts")
    return folder


@pytest.fixture
def root(tmp_path: Path, assets: Path) -> Path:
    """Return a runtime root with fonts and an empty plugin folder."""
    (tmp_path / "root" / "plugin-repos").mkdir(parents=True)
    (tmp_path / "root" / "assets").symlink_to(assets)
    return tmp_path / "root"


@pytest.fixture
def process_state(tmp_path: Path) -> Iterator[None]:
    """Put working directory, search path and modules back after a plugin was loaded into this process."""
    folder, path, finders = Path.cwd(), list(sys.path), list(sys.meta_path)
    yield
    os.chdir(folder)
    sys.path[:], sys.meta_path[:] = path, finders
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if file.startswith(str(tmp_path)) or name in {"logo_downloader", "data_sources"}:
            del sys.modules[name]


@pytest.fixture
def make_spec(root: Path) -> Callable[..., HostSpec]:
    """Return a function that writes a plugin's files and describes it."""

    def make(
        source: str = "",
        *,
        plugin_id: str = "sample",
        config: dict[str, Any] | None = None,
        manifest: dict[str, Any] | None = None,
        files: dict[str, str] | None = None,
        **changes: Any,
    ) -> HostSpec:
        folder = root / "plugin-repos" / plugin_id
        folder.mkdir(exist_ok=True)
        for name, text in {"manager.py": HEADER + textwrap.dedent(source), **(files or {})}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(textwrap.dedent(text))
        details = {
            "plugin_id": plugin_id,
            "folder": folder,
            "root": root,
            "entry_point": "manager.py",
            "class_name": "Sample",
            "manifest": manifest or {},
            "config": {"enabled": True, **(config or {})},
            "width": 64,
            "height": 32,
            "cache_dir": root / "cache" / plugin_id,
        }
        return HostSpec(**details | changes)

    return make


class Panel(list[Image.Image]):
    """The frames that a session published."""

    def __call__(self, frame: Image.Image) -> None:
        self.append(frame)


@pytest.fixture
def panel() -> Panel:
    """Return an empty panel."""
    return Panel()


@pytest.fixture
def start(make_spec: Callable[..., HostSpec], panel: Panel, process_state: None) -> Iterator[Callable[..., PluginSession]]:
    """Return a function that writes a plugin, loads it and returns its session."""
    sessions: list[PluginSession] = []

    def run(source: str, **details: Any) -> PluginSession:
        on_save = details.pop("on_save_config", None)
        session = PluginSession(make_spec(source, **details), panel, on_save_config=on_save)
        session.load()
        sessions.append(session)
        return session

    yield run
    for session in sessions:
        session.close()
