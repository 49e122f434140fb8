"""One plugin, loaded and driven: the only way in which host processes and the probe touch a plugin.

Exceptions of `update` and `display` pass through to the caller. Answers for which the contract names a default
(live content, cycle, durations) are guarded here: see guard.py.
"""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PIL import Image

from display_app.runtime.base_plugin import BasePlugin
from display_app.runtime.cache import CacheManager
from display_app.runtime.canvas import DisplayManager
from display_app.runtime.complaints import Complaints
from display_app.runtime.config import ConfigManager
from display_app.runtime.config_files import provide_config_files
from display_app.runtime.durations import Dwell, dwell_of
from display_app.runtime.fonts import FontManager, read_overrides
from display_app.runtime.guard import tolerate
from display_app.runtime.load_errors import PluginLoadError, load_error
from display_app.runtime.loading import import_entry, prepare_imports
from display_app.runtime.on_demand import OnDemandRequest, OnDemandRequests
from display_app.runtime.plugin_manager import PluginManager
from display_app.runtime.spec import HostSpec
from display_app.runtime.ticker_content import ContentWish, TickerContent, renewed_content, ticker_content
from plugins_app.package.paths import uploads_in

__all__ = ["Dwell", "HostSpec", "OnDemandRequest", "PluginLoadError", "PluginSession"]

logger = logging.getLogger(__name__)

DEFAULT_UPDATE_INTERVAL = 60.0
HIGH_RATE_IDS = frozenset({"static-image"})


class PluginSession:
    """One plugin from `load()` to `close()`; `publish` receives every finished frame (RGB, exactly panel sized, a private copy)."""

    def __init__(
        self,
        spec: HostSpec,
        publish: Callable[[Image.Image], None],
        *,
        on_save_config: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.spec = spec
        self.modes: list[str] = []
        self._plugin: Any = None
        self._takes_mode = False
        self.config_manager = ConfigManager(
            spec.global_config,
            plugin_id=spec.plugin_id,
            section=spec.config,
            width=spec.width,
            height=spec.height,
            on_save=on_save_config,
        )
        self.fonts = FontManager(
            spec.root / "assets" / "fonts",
            plugin_id=spec.plugin_id,
            plugin_folder=spec.folder,
            downloads=spec.cache_dir / "fonts",
            overrides=read_overrides(spec.root),
        )
        self.canvas = DisplayManager(spec.width, spec.height, publish=publish, fonts=self.fonts)
        self.cache = CacheManager(spec.cache_dir, config_manager=self.config_manager)
        self._requests = OnDemandRequests(self.cache)

    # -- life

    def load(self, on_step: Callable[[str], None] | None = None) -> None:
        """Import, construct and validate the plugin, then enable it; `on_step` hears imported, constructed, validated.

        The process changes to the runtime root and searches imports in the plugin's folder first. PluginLoadError when it fails.
        """
        report = on_step or (lambda step: None)
        os.chdir(self.spec.root)
        provide_config_files(self.spec)
        plugin_class = self._import_class()
        report("imported")
        plugin = self._construct(plugin_class)
        report("constructed")
        try:
            self._validate(plugin)
        except PluginLoadError:
            tolerate(plugin.cleanup, fallback=None, what="cleanup")
            raise
        report("validated")
        self._plugin = plugin
        self.modes = self._read_modes()
        self._takes_mode = tolerate(lambda: _takes_mode(plugin), fallback=False, what="looking at the parameters of display")
        if self.spec.config.get("enabled", True):
            try:
                self.on_enable()
            except (Exception, SystemExit) as error:  # plugin code: a hook may raise anything
                raise load_error("construct", error, (self.spec.folder, self.spec.root)) from error

    def on_enable(self) -> None:
        """Tell the plugin that it is switched on."""
        self._plugin.enabled = True
        self._plugin.on_enable()

    def close(self) -> None:
        """Clean up, then disable; an error in the first does not keep the second from running. Errors pass through."""
        plugin, self._plugin = self._plugin, None
        if plugin is None:
            return
        try:
            plugin.cleanup()
        finally:
            plugin.on_disable()

    def apply_config(self, new: dict[str, Any]) -> bool:
        """Hand over changed effective settings; False when this plugin does not listen, so that its host must be restarted."""
        if type(self._plugin).on_config_change is BasePlugin.on_config_change:
            return False
        if any(uploads_in([self.spec.config, new])):
            return False  # public plugins that show pictures open them at their start, whatever they make of a change
        self.spec = replace(self.spec, config=new)
        self.config_manager.replace_section(new)
        provide_config_files(self.spec)
        self._plugin.on_config_change(new)
        return True

    def check_config(self) -> None:
        """Ask the plugin whether the settings that it was handed make sense; PluginLoadError, as at its start, when they do not."""
        self._validate(self._plugin)

    # -- data and pictures

    @property
    def update_interval(self) -> float:
        """Seconds between updates: the manifest's `update_interval`, else the setting's, else 60."""
        for source in (self.spec.manifest, self.spec.config):
            value = source.get("update_interval")
            if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
                return float(value)
        return DEFAULT_UPDATE_INTERVAL

    def update(self) -> None:
        """Let the plugin fetch its data; may take long."""
        self._plugin.update()

    def display(self, mode: str, *, force_clear: bool = False) -> bool:
        """Draw one frame of `mode`; False when the plugin said that it has nothing to show (exactly False, nothing else)."""
        sent = self.canvas.frames_sent
        if self._takes_mode:
            answer = self._plugin.display(display_mode=mode, force_clear=force_clear)
        else:
            answer = self._plugin.display(force_clear=force_clear)
        if answer is not False:
            tolerate(lambda: self.canvas.send_forgotten(sent), fallback=None, what="sending a picture")
        return answer is not False

    def ticker_content(self, wish: ContentWish, *, is_fresh: bool) -> TickerContent:
        """Return what the plugin has for the continuous ticker; with `is_fresh` data it builds its scrolling strips anew for that."""
        collect = renewed_content if is_fresh else ticker_content
        return collect(self._plugin, self.canvas, wish, config=self.spec.config)

    def process_deferred(self) -> None:
        """Run what the plugin put off until it no longer scrolls; call once per loop."""
        self.canvas.process_deferred_updates()

    # -- questions of the run loop

    def wants_high_rate(self) -> bool:
        """Tell whether frames are wanted as fast as the panel goes, instead of one a second; may change from dwell to dwell."""
        wish = tolerate(lambda: getattr(self._plugin, "needs_high_fps", None), fallback=None, what="needs_high_fps")
        if wish is not None:
            return bool(wish)
        if self.spec.plugin_id in HIGH_RATE_IDS:
            return True
        return tolerate(lambda: _scrolls(self._plugin, self.canvas.width), fallback=False, what="enable_scrolling")

    def dwell(self, mode: str, *, longest: float | None = None) -> Dwell:
        """Return how long `mode` stays on the panel; `longest` counts instead of the cap in the global settings."""
        return dwell_of(self._plugin, mode, global_config=self.config_manager.config, longest=longest)

    def begin_mode(self, mode: str) -> None:
        """Start a new cycle of a dynamic dwell; call when the panel turns to `mode` from something else, not when it stays."""
        if self.dwell(mode).dynamic and hasattr(self._plugin, "reset_cycle_state"):
            tolerate(self._plugin.reset_cycle_state, fallback=None, what="reset_cycle_state")

    def is_cycle_complete(self) -> bool:
        """Tell whether a dynamic dwell may end; an error counts as no, a plugin without the hook as yes."""
        hook = getattr(self._plugin, "is_cycle_complete", None)
        return True if hook is None else tolerate(lambda: bool(hook()), fallback=False, what="is_cycle_complete")

    def live_modes(self) -> list[str]:
        """Return the modes to show now because something is live, [] when nothing is (errors included)."""
        return tolerate(self._live_modes, fallback=[], what="the live hooks")

    def take_on_demand_request(self) -> OnDemandRequest | None:
        """Return a wish of the plugin to be shown or to end, once; None when there is none."""
        return self._requests.take()

    # -- inside

    def _import_class(self) -> type:
        try:
            prepare_imports(self.spec)
            module = import_entry(self.spec)
        except (Exception, SystemExit) as error:  # plugin code: an import may raise anything
            raise load_error("import", error, (self.spec.folder, self.spec.root)) from error
        plugin_class = getattr(module, self.spec.class_name, None)
        if not isinstance(plugin_class, type):
            raise PluginLoadError("class", f"{self.spec.entry_point} has no class {self.spec.class_name!r}.")
        return plugin_class

    def _construct(self, plugin_class: type) -> Any:
        plugin_manager = PluginManager(self.spec, self.canvas, self.cache, self.config_manager, self.fonts)
        try:
            plugin = plugin_class(
                plugin_id=self.spec.plugin_id,
                config=self.spec.config,
                display_manager=self.canvas,
                cache_manager=self.cache,
                plugin_manager=plugin_manager,
            )
        except (Exception, SystemExit) as error:  # plugin code: a constructor may raise anything
            raise load_error("construct", error, (self.spec.folder, self.spec.root)) from error
        plugin_manager.plugins[self.spec.plugin_id] = plugin
        self.fonts.register_plugin_fonts(self.spec.manifest)
        return plugin

    def _validate(self, plugin: Any) -> None:
        try:
            with Complaints() as complaints:
                is_valid = bool(plugin.validate_config())
        except (Exception, SystemExit) as error:  # plugin code: a check may raise anything
            raise load_error("validate", error, (self.spec.folder, self.spec.root)) from error
        if not is_valid:
            reason = f"The plugin does not accept its settings: {complaints.last}".rstrip(": ")
            raise PluginLoadError("validate", f"{reason}.")

    def _read_modes(self) -> list[str]:
        own = tolerate(lambda: getattr(self._plugin, "modes", None), fallback=None, what="modes")
        named = list(own) if isinstance(own, (list, tuple)) else []
        named = named or self.spec.manifest.get("display_modes") or [self.spec.plugin_id]
        return list(dict.fromkeys(str(mode) for mode in named))

    def _live_modes(self) -> list[str]:
        if not (self._plugin.has_live_priority() and self._plugin.has_live_content()):
            return []
        named = [mode for mode in self._plugin.get_live_modes() or [] if mode in self.modes]
        return named or [mode for mode in self.modes if mode.endswith("_live")]


def _takes_mode(plugin: Any) -> bool:
    return "display_mode" in inspect.signature(plugin.display).parameters


def _scrolls(plugin: Any, width: int) -> bool:
    """Tell by `enable_scrolling`, and where a plugin does not say, by a strip that is longer than the panel."""
    if hasattr(plugin, "enable_scrolling"):
        return bool(plugin.enable_scrolling)
    strip = getattr(getattr(plugin, "scroll_helper", None), "cached_image", None)
    return bool(strip is not None and strip.width > width)
