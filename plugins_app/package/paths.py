"""Where everything of a plugin lies on disk; every path is made from a checked id or a name of our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plugins_app.package.ids import check_id

UPLOADS = "assets/plugins/"


def uploads_in(settings: object) -> Iterator[str]:
    """Yield the pictures that settings name, however deep: texts that are paths below `assets/plugins/`."""
    if isinstance(settings, dict | list):
        for inner in settings.values() if isinstance(settings, dict) else settings:
            yield from uploads_in(inner)
    elif isinstance(settings, str) and settings.startswith(UPLOADS):
        yield settings


@dataclass(frozen=True)
class PluginPaths:
    """The folders below one plugin folder (`plugin-repos/`) and its parent, the runtime root."""

    plugin_dir: Path

    @property
    def root(self) -> Path:
        """Runtime root: working directory of every host, home of `assets/`."""
        return self.plugin_dir.parent

    @property
    def assets(self) -> Path:
        """Fonts and logos that plugins open by relative path."""
        return self.root / "assets"

    @property
    def private(self) -> Path:
        """Our own folder beside the live plugins."""
        return self.plugin_dir / ".ledsite"

    @property
    def staging(self) -> Path:
        """Half-done work of operations, disposable."""
        return self.private / "staging"

    @property
    def aside(self) -> Path:
        """Folders that stood in the way and are not ours."""
        return self.private / "aside"

    @property
    def trash(self) -> Path:
        """What is about to be deleted."""
        return self.private / "trash"

    @property
    def locks(self) -> Path:
        """Lock files; never unlinked."""
        return self.private / "locks"

    def live(self, plugin_id: str) -> Path:
        """Return the live generation's directory."""
        return self.plugin_dir / check_id(plugin_id)

    def staged(self, operation_id: int, attempt: int) -> Path:
        """Return the folder of one attempt of one operation."""
        return self.staging / f"op{operation_id}-{attempt}"

    def store(self, plugin_id: str) -> Path:
        """Return the folder of a plugin's complete generations that are not live."""
        return self.private / "store" / check_id(plugin_id)

    def receipts(self, plugin_id: str) -> Path:
        """Return the folder of a plugin's receipts."""
        return self.private / "receipts" / check_id(plugin_id)

    @property
    def all_previews(self) -> Path:
        """The pictures of all plugins, one folder for each."""
        return self.private / "previews"

    def previews(self, plugin_id: str) -> Path:
        """Return the folder of the pictures of a plugin, one folder a generation."""
        return self.all_previews / check_id(plugin_id)

    def operation_lock(self, plugin_id: str) -> Path:
        """Return the lock held by whoever works on a plugin (flock, exclusive)."""
        return self.locks / f"{check_id(plugin_id).lower()}.lock"

    def action_lock(self, plugin_id: str) -> Path:
        """Return the lock held by the worker that runs a script of a plugin."""
        return self.locks / f"{check_id(plugin_id).lower()}.action"

    def live_lock(self, plugin_id: str) -> Path:
        """Return the lock that a running host shares and `place` takes exclusively; it holds the host's process id."""
        return self.locks / f"{check_id(plugin_id).lower()}.live"

    def ensure(self) -> None:
        """Create the folders that are always there."""
        for folder in (self.plugin_dir, self.private, self.staging, self.aside, self.trash, self.locks):
            folder.mkdir(parents=True, exist_ok=True)
