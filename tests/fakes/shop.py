"""A registry with small plugins on a hub, and empty folders for them: what tests of operations start from."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins_app.lifecycle.requests import request_refresh
from plugins_app.models import Operation
from plugins_app.operations.context import Context, current_context
from plugins_app.operations.run import run
from tests.fakes.hub import Hub
from tests.fakes.samples import copy_plugin, entry

SAMPLES = Path(__file__).resolve().parents[1] / "plugins"


class Shop:
    """What is on offer, and this product's folders; `finish` does what a worker would."""

    def __init__(self, folder: Path, hub: Hub) -> None:
        self.folder, self.hub = folder, hub
        self.entries: dict[str, dict[str, Any]] = {}

    @property
    def context(self) -> Context:
        """Return the surroundings of operations."""
        return current_context()

    @property
    def plugin_dir(self) -> Path:
        """Return the folder of the live plugins."""
        return self.context.paths.plugin_dir

    def offer(self, plugin_id: str, *, version: str = "1.0.0", code: str = "", **facts: Any) -> Path:
        """Put a plugin into repository and registry, and renew our rows; return its folder there."""
        folder = copy_plugin(self.folder / "repository", plugin_id, version=version, code=code)
        self.entries[plugin_id] = entry(plugin_id, version=version, **facts)
        self.publish()
        return folder

    def withdraw(self, plugin_id: str) -> None:
        """Take a plugin out of the registry."""
        del self.entries[plugin_id]
        self.publish()

    def publish(self) -> None:
        """Serve what is on offer and let our rows know."""
        self.hub.plugins = self.folder / "repository" / "plugins"
        roots = {f"plugins/{path.name}": path for path in self.hub.plugins.iterdir()}
        self.hub.add_repository("example/plugins", roots)
        self.hub.set_registry({"version": "1.0.0", "last_updated": "2026-06-02", "plugins": list(self.entries.values())})
        if self.entries:
            self.finish(request_refresh(force=True, requested_by="test"))

    def finish(self, operation: Operation) -> Operation:
        """Run an operation as a worker would, once; return the row as it then is."""
        run(operation.pk)
        operation.refresh_from_db()
        return operation

    def put_folder(self, plugin_id: str, *, sample: str = "hello", manifest_id: str = "") -> Path:
        """Put a plugin into the live folder by hand."""
        made = copy_plugin(self.folder / "hand", manifest_id or plugin_id)
        return Path(shutil.copytree(made, self.plugin_dir / plugin_id))


@pytest.fixture
def shop(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[Shop]:
    """Return a shop with nothing on offer, in folders of its own."""
    hub = Hub()
    folders = {"plugin_dir": tmp_path / "root" / "plugin-repos", "data_dir": tmp_path / "var", "run_dir": tmp_path / "run"}
    for folder in folders.values():
        folder.mkdir(parents=True)
    settings.LEDSITE = dataclasses.replace(settings.LEDSITE, **folders)
    settings.BUNDLED_DIR = tmp_path / "bundled"
    hub.use(settings)
    yield Shop(tmp_path, hub)
    hub.close()
