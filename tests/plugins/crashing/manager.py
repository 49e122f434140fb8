"""Draws well a few times, then raises (or, on request, ends its process) on every turn."""

import os
import signal

from src.plugin_system.base_plugin import BasePlugin


class CrashingPlugin(BasePlugin):
    """`good_frames` says how many pictures come first, `how` whether it raises or kills its own process."""

    def __init__(self, plugin_id, config, display_manager, cache_manager, plugin_manager):
        super().__init__(plugin_id, config, display_manager, cache_manager, plugin_manager)
        self.left = int(config.get("good_frames", 0))

    def update(self):
        pass

    def display(self, force_clear=False):
        if self.left > 0:
            self.left -= 1
            self.display_manager.draw_text("FINE", color=(0, 255, 0))
            self.display_manager.update_display()
            return
        if self.config.get("how") == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise RuntimeError("It crashed on purpose")
