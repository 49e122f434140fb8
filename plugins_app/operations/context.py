"""What an operation needs from outside, fetched in one place: folders, panel size, and an HTTP client on demand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings

from plugins_app.package.paths import PluginPaths
from plugins_app.store.client import client_from_settings
from plugins_app.store.http import HttpClient


@dataclass(frozen=True)
class Context:
    """The surroundings of operations in this process; `protected` are folders that no plugin may look into."""

    paths: PluginPaths
    uploads: Path
    github_url: str
    panel: tuple[int, int]
    protected: tuple[Path, ...] = ()
    plugin_user: str = ""

    @cached_property
    def http(self) -> HttpClient:
        """Make the client when the first request needs it."""
        return client_from_settings()


def current_context() -> Context:
    """Return the surroundings that the settings describe, with the plugin folder made ready."""
    environment = settings.LEDSITE
    paths = PluginPaths(environment.plugin_dir)
    paths.ensure()
    return Context(
        paths=paths,
        uploads=environment.data_dir / "uploads",
        github_url=environment.github_url,
        panel=(environment.panel.width, environment.panel.height),
        protected=(environment.data_dir, environment.run_dir),
        plugin_user=environment.plugin_user,
    )
