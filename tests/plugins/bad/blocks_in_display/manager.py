"""Never returns from display(): asleep, or holding the interpreter when `native` is set; its first picture is fine when `later` is set."""

import ctypes
import time

from src.plugin_system.base_plugin import BasePlugin

FOR_EVER = 3600


class Bad(BasePlugin):
    drawn = 0

    def update(self):
        pass

    def display(self, force_clear=False):
        if not self.config.get("later") or self.drawn:
            self.block()
        self.drawn += 1
        self.display_manager.draw.rectangle((30, 5, 50, 25), fill=(0, 0, 200))
        self.display_manager.update_display()

    def block(self):
        if self.config.get("native"):
            ctypes.PyDLL(None).usleep(FOR_EVER * 1_000_000)
        time.sleep(FOR_EVER)
