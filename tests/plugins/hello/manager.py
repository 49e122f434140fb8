"""One word in the middle of the panel."""

from src.plugin_system.base_plugin import BasePlugin


class HelloPlugin(BasePlugin):
    """Draws its greeting once a turn."""

    def update(self):
        self.text = self.config.get("text", "HELLO")

    def display(self, force_clear=False):
        if force_clear:
            self.display_manager.clear()
        colour = tuple(self.config.get("color", (255, 200, 0)))
        self.display_manager.draw_text(getattr(self, "text", "HELLO"), color=colour)
        self.display_manager.update_display()
