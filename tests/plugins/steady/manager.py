"""Draws one still picture in the colour of its settings."""

from src.plugin_system.base_plugin import BasePlugin


class SteadyPlugin(BasePlugin):
    def update(self):
        pass

    def display(self, force_clear=False):
        self.display_manager.clear()
        colour = tuple(self.config.get("color", [200, 0, 0]))
        self.display_manager.draw.rectangle((2, 2, 20, 20), fill=colour)
        self.display_manager.update_display()
