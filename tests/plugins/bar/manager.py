"""Moves a bar over the panel, one pixel a frame."""

from src.plugin_system.base_plugin import BasePlugin


class BarPlugin(BasePlugin):
    needs_high_fps = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.x = 0

    def update(self):
        pass

    def display(self, force_clear=False):
        self.display_manager.clear()
        width, height = self.display_manager.width, self.display_manager.height
        self.x = (self.x + 1) % width
        self.display_manager.draw.rectangle((self.x, 0, self.x + 3, height), fill=(0, 200, 0))
        self.display_manager.update_display()
