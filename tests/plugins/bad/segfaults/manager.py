"""Crashes in native code."""

import ctypes

from src.plugin_system.base_plugin import BasePlugin


class Bad(BasePlugin):
    def update(self):
        ctypes.string_at(0)

    def display(self, force_clear=False):
        return False
