"""Sleeps for ever in the phase that its settings name."""

import time

from src.plugin_system.base_plugin import BasePlugin


class HangingPlugin(BasePlugin):
    """`where` is `construct`, `update` or `display`."""

    def __init__(self, plugin_id, config, display_manager, cache_manager, plugin_manager):
        super().__init__(plugin_id, config, display_manager, cache_manager, plugin_manager)
        self._hang("construct")

    def _hang(self, phase):
        while self.config.get("where", "display") == phase:
            time.sleep(1)

    def update(self):
        self._hang("update")

    def display(self, force_clear=False):
        self._hang("display")
        self.display_manager.draw_text("HERE", color=(255, 255, 255))
        self.display_manager.update_display()
