"""Small plugins on a stage."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from display_app.authoring.rendering import Rendering
from display_app.authoring.stage import Scene, render
from plugins_app.package.manifest import read_manifest

BODY = """
from src.plugin_system.base_plugin import BasePlugin

class Sample(BasePlugin):
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Callable[..., Path]:
    """Write a plugin: the methods of its class, other modules' imports first, more keys of its manifest."""

    def write(methods: str, *, imports: str = "", **manifest: Any) -> Path:
        folder = tmp_path / "sample"
        folder.mkdir(exist_ok=True)
        body = {"id": "sample", "name": "Sample", "version": "1", "class_name": "Sample", "display_modes": ["sample"], **manifest}
        (folder / "manifest.json").write_text(json.dumps(body))
        source = textwrap.dedent(imports) + BODY + textwrap.indent(textwrap.dedent(methods), "    ")
        (folder / "manager.py").write_text(source)
        return folder

    return write


@pytest.fixture
def perform(plugin: Callable[..., Path]) -> Callable[..., Rendering]:
    """Write a plugin and let it perform; `scene` are values of the Scene."""

    def run(methods: str, *, imports: str = "", scene: dict[str, Any] | None = None, **manifest: Any) -> Rendering:
        folder = plugin(methods, imports=imports, **manifest)
        values = {"settings": {"enabled": True}, "width": 64, "height": 32, "limit_seconds": 30.0, **(scene or {})}
        return render(Scene(folder=folder, manifest=read_manifest(folder), **values))

    return run
