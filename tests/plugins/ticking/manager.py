"""Blocks of one colour for the ticker, in whatever way and with whatever fault its settings name."""

import os
import time

from PIL import Image

from src.plugin_system.base_plugin import BasePlugin


class TickingPlugin(BasePlugin):
    def update(self):
        pass

    def get_vegas_content_type(self):
        return self.config.get("kind", "multi")

    def get_vegas_content(self):
        fault = self.config.get("fault")
        if fault == "hang":
            time.sleep(600)
        elif fault == "exit":
            os._exit(3)
        elif fault == "raise":
            raise ValueError("no pictures today")
        if self.config.get("captured"):
            return None
        return [self._block(width) for width in self.config.get("widths", [20, 20])]

    def display(self, force_clear=False):
        if self.config.get("fault"):
            return False
        self.display_manager.clear()
        self.display_manager.image.paste(self._block(self.display_manager.width), (0, 0))
        self.display_manager.update_display()

    def _block(self, width):
        return Image.new("RGB", (width, self.display_manager.height), tuple(self.config["color"]))
