"""PluginManager: what a plugin can reach besides canvas and cache; it knows one plugin, its own (contract 1.4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from display_app.runtime.cache import CacheManager
from display_app.runtime.canvas import DisplayManager
from display_app.runtime.config import ConfigManager
from display_app.runtime.fonts import FontManager
from display_app.runtime.spec import HostSpec


class PluginManager:
    """Leads to `font_manager`, `config_manager`, `display_manager`, `cache_manager` and `plugin_manifests` (id to manifest).

    Plugins run in processes of their own, so `plugins` holds the plugin itself and others are not there.
    """

    def __init__(
        self,
        spec: HostSpec,
        display_manager: DisplayManager,
        cache_manager: CacheManager,
        config_manager: ConfigManager,
        font_manager: FontManager,
    ) -> None:
        self.display_manager = display_manager
        self.cache_manager = cache_manager
        self.config_manager = config_manager
        self.font_manager = font_manager
        self.plugins_dir = spec.folder.parent
        self.plugins: dict[str, Any] = {}
        self.plugin_manifests: dict[str, dict[str, Any]] = {spec.plugin_id: spec.manifest}
        self._folder = spec.folder

    def get_plugin(self, plugin_id: str) -> Any | None:
        """Return the instance of a plugin, None for every other than the caller."""
        return self.plugins.get(plugin_id)

    def get_all_plugins(self) -> dict[str, Any]:
        """Return id to instance."""
        return dict(self.plugins)

    def get_enabled_plugins(self) -> list[str]:
        """Return the ids of the plugins that are switched on."""
        return [plugin_id for plugin_id, plugin in self.plugins.items() if getattr(plugin, "enabled", True)]

    def get_plugin_info(self, plugin_id: str) -> dict[str, Any] | None:
        """Return a plugin's manifest with what its `get_info()` says, None when unknown."""
        manifest = self.plugin_manifests.get(plugin_id)
        if manifest is None:
            return None
        plugin = self.plugins.get(plugin_id)
        return {**manifest, "loaded": plugin is not None, "runtime_info": plugin.get_info() if plugin is not None else {}}

    def get_plugin_directory(self, plugin_id: str) -> str | None:
        """Return the folder of a plugin, None when unknown."""
        return str(Path(self._folder)) if plugin_id in self.plugin_manifests else None

    def get_plugin_display_modes(self, plugin_id: str) -> list[str]:
        """Return the manifest's modes, the id when it names none."""
        return list(self.plugin_manifests.get(plugin_id, {}).get("display_modes") or [plugin_id])

    def find_plugin_for_mode(self, mode: str) -> str | None:
        """Return the id of the plugin that has a mode, upper and lower case alike."""
        wanted = mode.lower()
        matches = (pid for pid in self.plugin_manifests if wanted in {m.lower() for m in self.get_plugin_display_modes(pid)})
        return next(matches, None)
