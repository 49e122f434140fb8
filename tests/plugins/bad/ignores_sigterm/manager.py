"""Ignores SIGTERM and never ends its clean-up."""

import signal
import time

from src.plugin_system.base_plugin import BasePlugin


class Bad(BasePlugin):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def update(self):
        pass

    def display(self, force_clear=False):
        self.display_manager.draw.rectangle((30, 5, 50, 25), fill=(0, 0, 200))
        self.display_manager.update_display()

    def cleanup(self):
        time.sleep(3600)
