"""Starts threads as fast as it can."""

import threading
import time

from src.plugin_system.base_plugin import BasePlugin


class Bad(BasePlugin):
    def update(self):
        while True:
            threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()

    def display(self, force_clear=False):
        return False
