"""Ends its process: by os._exit, or by sys.exit when `politely` is set."""

import os
import sys

from src.plugin_system.base_plugin import BasePlugin


class Bad(BasePlugin):
    def update(self):
        if self.config.get("politely"):
            sys.exit(3)
        os._exit(5)

    def display(self, force_clear=False):
        return False
