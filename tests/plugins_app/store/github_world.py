"""A registry with repositories at a fake GitHub and a clock of its own, for the tests of repository data."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins_app.store import catalogue
from plugins_app.store.client import client_from_settings
from plugins_app.store.http import HttpClient
from plugins_app.store.metadata import MetadataReport, refresh_metadata
from plugins_app.store.refresh import RefreshReport, refresh_registries
from tests.fakes.clock import Clock
from tests.fakes.hub import Hub

TOKEN = "ghp_" + "a" * 36


class World:
    """What a worker and a reader see; every request goes to the hub."""

    def __init__(self, hub: Hub, settings: Any, folder: Path) -> None:
        self.hub, self.settings, self.folder = hub, settings, folder
        self.clock = Clock()
        self.begun = self.clock()
        self.read_seconds = 5.0
        hub.clock = self.clock.timestamp
        hub.use(settings)
        settings.LEDSITE = dataclasses.replace(settings.LEDSITE, data_dir=folder / "var")
        (folder / "var").mkdir()
        self.entries: list[dict[str, Any]] = []
        self._http: HttpClient | None = None

    @property
    def http(self) -> HttpClient:
        """A client with short limits, made when first used."""
        self._http = self._http or client_from_settings(read_seconds=self.read_seconds)
        return self._http

    def renew_client(self) -> None:
        """Make a new client at the next request, as the next task of a worker does."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            self._http.close()
        self._http = None

    def be_impatient(self) -> None:
        """Wait for an answer as long as a test may."""
        self.read_seconds = 0.1
        self.renew_client()

    def use_token(self, token: str = TOKEN) -> None:
        """Set the environment's token."""
        self.settings.LEDSITE = dataclasses.replace(self.settings.LEDSITE, github_token=token)
        self.renew_client()

    def offer(self, *names: str, branch: str = "main") -> None:
        """Add plugins with a repository each."""
        for name in names:
            self.hub.add_repository(f"someone/{name}", {"": self._folder(name)}, branch=branch)
            self.entries.append({"id": name, "repo": f"https://github.com/someone/{name}", "branch": branch, "stars": 3})
        self._publish()

    def offer_monorepo(self, *names: str, repo: str = "someone/plugins", below: str = "plugins/") -> None:
        """Add plugins that share a repository."""
        self.hub.add_repository(repo, {f"{below}{name}": self._folder(name) for name in names})
        for name in names:
            entry = {"id": name, "repo": f"https://github.com/{repo}", "branch": "main", "plugin_path": f"{below}{name}"}
            self.entries.append(entry)
        self._publish()

    def change(self, name: str, text: str) -> None:
        """Commit something to one plugin."""
        (self._folder(name) / "manifest.json").write_text(text)

    def refresh(self, *, force: bool = False, raise_on_failure: bool = False) -> MetadataReport:
        """Run a pass."""
        return refresh_metadata(force=force, http=self.http, raise_on_failure=raise_on_failure, clock=self.clock)

    def refresh_registry(self) -> RefreshReport:
        """Ask the registry when it is due."""
        return refresh_registries(force=False, http=self.http, clock=self.clock)

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return what a reader gets, by id."""
        return {row["id"]: row for row in catalogue.browse().results}

    def calls(self) -> int:
        """Return how many API calls reached GitHub since the counts were forgotten."""
        return self.hub.total("/api/")

    def _folder(self, name: str) -> Path:
        folder = self.folder / "sources" / name
        if not folder.is_dir():
            folder.mkdir(parents=True)
            (folder / "manifest.json").write_text(f'{{"id": "{name}"}}')
        return folder

    def _publish(self) -> None:
        self.hub.set_registry({"version": "1.0.0", "last_updated": "2026-06-02", "plugins": self.entries})


@pytest.fixture
def world(hub: Hub, settings: Any, tmp_path: Path) -> Iterator[World]:
    """Return an empty world; import this fixture in a conftest."""
    made = World(hub, settings, tmp_path)
    yield made
    made.close()
