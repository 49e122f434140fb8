"""Prints without end."""

import sys
import threading

from src.plugin_system.base_plugin import BasePlugin


class Bad(BasePlugin):
    def update(self):
        threading.Thread(target=self.flood, daemon=True).start()

    def flood(self):
        while True:
            sys.stdout.write("flood " * 1000 + "\n")

    def display(self, force_clear=False):
        self.display_manager.draw.rectangle((30, 5, 50, 25), fill=(0, 0, 200))
        self.display_manager.update_display()
