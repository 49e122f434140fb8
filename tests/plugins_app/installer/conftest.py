"""Plugin folders to work on: stored and live generations made of small trees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plugins_app.installer import generations
from plugins_app.installer.files import digests_of
from plugins_app.installer.receipts import Receipt
from plugins_app.package.paths import PluginPaths
from tests.fakes.archives import make_tree, plugin_files


@pytest.fixture
def paths(tmp_path) -> PluginPaths:
    paths = PluginPaths(tmp_path / "plugin-repos")
    paths.ensure()
    return paths


@pytest.fixture
def store(paths) -> Callable[..., Receipt]:
    """Store one generation of `sample`."""

    def build(name: str, *, version: str = "1.0.0", extra: dict[str, str | bytes] | None = None) -> Receipt:
        return store_generation(paths, name, version=version, extra=extra)

    return build


def store_generation(paths: PluginPaths, name: str, *, version: str = "1.0.0", extra: dict[str, str | bytes] | None = None) -> Receipt:
    tree = make_tree(
        paths.staging / name / "tree", plugin_files(version=version, extra={"version.py": f"V = '{version}'\n", **(extra or {})})
    )
    return generations.store_tree(
        paths, tree, plugin_id="sample", generation=name, version=version, operation=1, source="registry", files=digests_of(tree)
    )


def content(tree: Path) -> dict[str, str]:
    """Return names and text of all files of a tree but the manifest and the code that every sample has."""
    files = {path.relative_to(tree).as_posix(): path.read_text() for path in tree.rglob("*") if path.is_file()}
    return {name: text for name, text in files.items() if name not in ("manifest.json", "manager.py")}
