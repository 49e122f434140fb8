"""Refuses its settings until a city and a key are given."""

from src.plugin_system.base_plugin import BasePlugin


class NeedsConfigPlugin(BasePlugin):
    """Shows the city once it may run."""

    def validate_config(self):
        return super().validate_config() and bool(self.config.get("city")) and bool(self.config.get("api_key"))

    def update(self):
        pass

    def display(self, force_clear=False):
        self.display_manager.draw_text(str(self.config["city"]), color=(0, 160, 255))
        self.display_manager.update_display()
